/** Where one writes: sends with Enter, suggests commands after `/` and colleagues after `@`, and carries files along. */
import { announce, byId, el, fill } from './dom.js';
import { createFileList } from './files.js';

const MOST_OPTIONS = 8;

export function createComposer(desk, { onSay, onTrouble }) {
  const [form, input, picker] = [byId('composer'), byId('say'), byId('files')];
  const files = createFileList({ as: () => desk.me.id, words: () => desk.words, onTrouble });
  const suggest = createSuggestions(desk, input);
  byId('picked').append(files.node);

  const submit = async () => {
    const text = input.value.trim();
    input.value = '';
    suggest.refresh();
    const attached = await files.all();
    if (text === '' && attached.length === 0) return;
    files.clear();
    onSay(text, attached);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener('input', suggest.refresh);
  input.addEventListener('blur', suggest.close);
  input.addEventListener('keydown', (event) => {
    // Enter that ends a word of an input method is not ours: https://developer.mozilla.org/docs/Web/API/KeyboardEvent/isComposing
    if (event.isComposing || event.keyCode === 229) return;
    if (suggest.key(event)) event.preventDefault();
  });
  picker.addEventListener('change', () => {
    files.add(picker.files);
    picker.value = '';
    input.focus();
  });
  input.addEventListener('paste', (event) => {
    if (event.clipboardData?.files.length) files.add(event.clipboardData.files);
  });
  return {
    fill(text) {
      input.value = text;
      input.focus();
      suggest.refresh();
    },
    focus: () => input.focus(),
    draw(place) {
      form.hidden = desk.here === 'home';
      input.setAttribute('aria-label', fill(desk.words.write, { place }));
      suggest.close();
    },
  };
}

/** The combobox pattern: focus stays in the input, the active option is pointed at. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
function createSuggestions(desk, input) {
  const [box, list, title, hint] = [byId('suggest'), byId('options'), byId('suggest-title'), byId('hint-line')];
  let options = [];
  let active = 0;

  const point = (index) => {
    active = (index + options.length) % options.length;
    for (const [i, node] of [...list.children].entries()) node.setAttribute('aria-selected', String(i === active));
    input.setAttribute('aria-activedescendant', `option-${active}`);
    list.children[active].scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    options = [];
    box.hidden = true;
    list.replaceChildren();
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (option) => {
    const { start, end, text } = option;
    input.value = `${input.value.slice(0, start)}${text} ${input.value.slice(end).trimStart()}`;
    input.setSelectionRange(start + text.length + 1, start + text.length + 1);
    input.focus();
    refresh();
  };
  const refresh = () => {
    const found = suggestionsFor(input.value, input.selectionStart ?? input.value.length, desk);
    const usage = usageOf(input.value, desk);
    hint.hidden = usage === undefined;
    hint.textContent = usage ?? '';
    if (found.options.length === 0) return close();
    options = found.options;
    title.textContent = found.title;
    list.replaceChildren(...options.map((option, i) => drawOption(option, i, choose)));
    box.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    point(0);
    announce(fill(desk.words.suggestions, { count: options.length }));
  };
  const keys = {
    ArrowDown: () => point(active + 1),
    ArrowUp: () => point(active - 1),
    Enter: () => choose(options[active]),
    Tab: () => choose(options[active]),
    Escape: close,
  };
  return {
    refresh,
    close,
    /** @returns whether the key was meant for the list */
    key(event) {
      if (options.length === 0 || event.shiftKey || !Object.hasOwn(keys, event.key)) return false;
      keys[event.key]();
      return true;
    },
  };
}

function drawOption(option, index, choose) {
  return el(
    'div',
    {
      id: `option-${index}`,
      role: 'option',
      'aria-selected': 'false',
      // the input keeps the focus
      onmousedown: (event) => event.preventDefault(),
      onclick: () => choose(option),
    },
    el('span', { class: 'name' }, option.label),
    el('span', { class: 'small' }, option.says),
  );
}

function suggestionsFor(text, caret, desk) {
  const command = /^[/／]([^\s]*)$/.exec(text);
  if (command && caret === text.length)
    return { title: desk.words.commands, options: commandsLike(command[1], text, desk) };
  const mention = /[@＠]([^\s@＠<>]*)$/.exec(text.slice(0, caret));
  if (mention) return { title: desk.words.colleagues, options: peopleLike(mention[1], mention.index, caret, desk) };
  return { title: '', options: [] };
}

/** A command that is already written out is not suggested: Enter sends it. */
function commandsLike(typed, text, desk) {
  const sought = typed.toLowerCase();
  if (desk.commands.some(({ command }) => command.toLowerCase() === `/${sought}`)) return [];
  return desk.commands
    .filter(({ command, title }) => `${command.slice(1)} ${title}`.toLowerCase().includes(sought))
    .sort((a, b) => Number(b.command.startsWith(`/${sought}`)) - Number(a.command.startsWith(`/${sought}`)))
    .slice(0, MOST_OPTIONS)
    .map(({ command, title, hint }) => ({
      start: 0,
      end: text.length,
      text: command,
      label: `${command} ${hint}`.trim(),
      says: title,
    }));
}

/** Where two people share a name their id is written, which only one has. */
function peopleLike(typed, start, end, desk) {
  const sought = typed.toLowerCase();
  const isWritten = desk.people.some(({ id, name }) => name.toLowerCase() === sought || id.toLowerCase() === sought);
  if (isWritten) return [];
  return desk.people
    .filter(({ id, name, title }) => `${name} ${title} ${id}`.toLowerCase().includes(sought))
    .slice(0, MOST_OPTIONS)
    .map(({ id, name, title }) => {
      const isShared = desk.people.filter((other) => other.name === name).length > 1;
      return { start, end, text: `@${isShared ? id : name}`, label: name, says: isShared ? `${title} · ${id}` : title };
    });
}

function usageOf(text, desk) {
  const [, word] = /^([/／]\S+)(?:\s|$)/.exec(text) ?? [];
  const command = desk.commands.find((each) => each.command.toLowerCase() === word?.replace('／', '/').toLowerCase());
  return command && `${command.command} ${command.hint} · ${command.title}`;
}
