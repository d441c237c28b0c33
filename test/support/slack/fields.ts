/** What stands in the fields of a window or a message, and what a person may put there. */
import { fileObject } from './api.ts';
import type { Obj } from './validate.ts';
import type { FakeView, World } from './world.ts';

/** `state.values` as Slack sends it: by block and element, with what stood there from the start. */
export function stateOf(world: World, blocks: Obj[], typed: Record<string, unknown>): Obj {
  const values: Obj = {};
  for (const block of blocks.filter((one) => one.type === 'input')) {
    const element = block.element as Obj;
    values[String(block.block_id)] = {
      [String(element.action_id)]: given(world, element, typed[String(block.block_id)]),
    };
  }
  return values;
}

function given(world: World, element: Obj, value: unknown): Obj {
  const { type } = element;
  switch (type) {
    case 'datepicker':
      return { type, selected_date: value ?? element.initial_date ?? null };
    case 'users_select':
      return {
        type,
        selected_user: value === undefined ? (element.initial_user ?? null) : userOf(world, String(value)),
      };
    case 'static_select':
      return {
        type,
        selected_option: value === undefined ? (element.initial_option ?? null) : optionOf(element, String(value)),
      };
    case 'file_input':
      return { type, files: ((value as string[] | undefined) ?? []).map((id) => fileObject(world, id)) };
    default:
      return {
        type,
        value: value === undefined ? (element.initial_value ?? null) : value === '' ? null : String(value),
      };
  }
}

export function inputBlock(blocks: Obj[], field: string): Obj {
  const inputs = blocks.filter((block) => block.type === 'input');
  const found = inputs.find((block) => block.block_id === field || block.block_id === `f:${field}`);
  if (!found)
    throw new Error(`no field ${field}; there are: ${inputs.map((block) => block.block_id).join(', ') || 'none'}`);
  return found;
}

export function typedInto(blocks: Obj[], values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [String(inputBlock(blocks, field).block_id), value]),
  );
}

/** Slack's picker offers the people of the workspace. */
function userOf(world: World, value: string): string {
  if (!world.users.has(value)) throw new Error(`Slack's picker does not offer ${value}`);
  return value;
}

function optionOf(element: Obj, value: string): unknown {
  const groups = (element.option_groups ?? []) as { options: Obj[] }[];
  const offered = [...((element.options ?? []) as Obj[]), ...groups.flatMap((group) => group.options)];
  const found = offered.find((option) => option.value === value);
  if (!found) throw new Error(`no option ${value}; there are: ${offered.map((option) => option.value).join(', ')}`);
  return found;
}

/** Slack's own client does not submit a window with an empty required field. */
export function refuseAsTheClient(view: FakeView): void {
  for (const block of view.blocks.filter((one) => one.type === 'input' && one.optional !== true)) {
    const element = block.element as Obj;
    const value =
      view.typed[String(block.block_id)] ??
      element.initial_value ??
      element.initial_date ??
      element.initial_option ??
      element.initial_user;
    if (value === undefined || value === '')
      throw new Error(`Slack's client does not submit: ${String(block.block_id)} is required`);
  }
}
