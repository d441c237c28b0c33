/**
 * Makes blocks fit into what Slack takes: first without what may be dropped, then with shorter texts. The order of
 * sacrifice is the card's own (`Block.drop`); buttons and facts stay to the end, so that a decision can always be made.
 */
import type { types } from '@slack/bolt';
import type { Block } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import { drawBlock, note, type SlackBlock } from './blocks.ts';
import { limits } from './limits.ts';
import { cut } from './text.ts';

export interface Room {
  blocks: number;
  weight: number;
}

interface Piece {
  block: Block;
  place: number;
  drawn: SlackBlock[];
  weight: number;
}

export function weight(blocks: SlackBlock[]): number {
  return JSON.stringify(blocks).length + blocks.length * limits.message.weightPerBlock;
}

export function drawWithin(blocks: Block[], room: Room, language: Language): SlackBlock[] {
  const fits = (drawn: SlackBlock[]) => drawn.length <= room.blocks && weight(drawn) <= room.weight;
  const draw = (kept: Pick<Piece, 'block' | 'place'>[]) =>
    kept.flatMap(({ block, place }) => drawBlock(block, place, language));

  // each drawn and weighed once: an endless history must not cost seconds
  let kept = onePrimary(blocks).map((block, place): Piece => {
    const drawn = drawBlock(block, place, language);
    return { block, place, drawn, weight: weight(drawn) };
  });
  for (const victim of [undefined, ...inOrderOfSacrifice(kept)]) {
    kept = kept.filter((candidate) => candidate !== victim);
    const total = kept.reduce((sum, piece) => sum + piece.weight, 0);
    if (total > room.weight) continue;
    const drawn = kept.flatMap((piece) => piece.drawn);
    if (drawn.length <= room.blocks) return drawn;
  }
  for (const max of [1500, 600, 200, 80]) {
    const drawn = [
      ...draw(kept.map(({ block, place }) => ({ block: shorter(block, max), place }))),
      ...note(slackWords(language).shortened),
    ];
    if (fits(drawn)) return drawn;
  }
  return bare(draw(kept.filter(isEssential).map(({ block, place }) => ({ block: shorter(block, 80), place }))), room);
}

/** Highest `drop` first, and among equals the last first. */
function inOrderOfSacrifice<T extends { block: Block }>(blocks: T[]): T[] {
  const droppable = blocks.filter(({ block }) => block.drop !== undefined).reverse();
  return droppable.sort((one, other) => (other.block.drop ?? 0) - (one.block.drop ?? 0));
}

function onePrimary(blocks: Block[]): Block[] {
  let seen = false;
  return blocks.map((block) => {
    if (block.kind !== 'buttons') return block;
    const buttons = block.buttons.map((button) => {
      if (button.style !== 'primary') return button;
      if (!seen) {
        seen = true;
        return button;
      }
      const { style: _, ...unstyled } = button;
      return unstyled;
    });
    return { ...block, buttons };
  });
}

function shorter(block: Block, max: number): Block {
  switch (block.kind) {
    case 'text':
    case 'quote':
    case 'note':
      return { ...block, text: cut(block.text, max) };
    case 'facts':
      return { ...block, facts: block.facts.map((fact) => ({ ...fact, value: cut(fact.value, max) })) };
    case 'path':
      return {
        ...block,
        lines: block.lines.map((line) => ({
          ...line,
          text: cut(line.text, max),
          detail: max > 200 ? line.detail.map((text) => cut(text, max)) : [],
        })),
      };
    case 'link':
    case 'divider':
    case 'buttons':
      return block;
    default:
      return block satisfies never;
  }
}

function isEssential({ block }: { block: Block }): boolean {
  return block.kind === 'facts' || block.kind === 'buttons';
}

/** The last resort: the buttons, of which only those beyond anybody's use are left out, and above them what facts still fit. */
function bare(drawn: SlackBlock[], room: Room): SlackBlock[] {
  const fits = (blocks: SlackBlock[]) => blocks.length <= room.blocks && weight(blocks) <= room.weight;
  const buttons = drawn.flatMap((block) => (block.type === 'actions' ? (block as types.ActionsBlock).elements : []));
  while (!fits(inRows(buttons))) buttons.pop();
  const rows = inRows(buttons);
  const above: SlackBlock[] = [];
  for (const facts of drawn.filter((block) => block.type !== 'actions')) {
    if (!fits([...above, facts, ...rows])) break;
    above.push(facts);
  }
  return [...above, ...rows];
}

function inRows(buttons: types.ActionsBlock['elements']): SlackBlock[] {
  const rows: SlackBlock[] = [];
  for (let from = 0; from < buttons.length; from += limits.button.perBlock) {
    rows.push({ type: 'actions', elements: buttons.slice(from, from + limits.button.perBlock) });
  }
  return rows;
}
