/** Files that go with a message or a form: uploaded as soon as they are chosen, shown as chips that can be taken away again. */
import { announce, el, fill } from './dom.js';
import { LARGEST_FILE, upload } from './wire.js';

/** `onTrouble` hears one sentence per file that could not be taken. */
export function createFileList({ as, words, onTrouble }) {
  const node = el('ul', { class: 'chips', hidden: true });
  const kept = new Map();
  let running = [];

  const drop = (key, chip) => {
    kept.delete(key);
    chip.remove();
    node.hidden = node.childElementCount === 0;
  };
  const take = async (file) => {
    if (file.size > LARGEST_FILE) return onTrouble(fill(words().tooLarge, { name: file.name }));
    if (file.size === 0) return onTrouble(fill(words().emptyFile, { name: file.name }));
    const key = Symbol(file.name);
    const chip = el('li', { class: 'chip busy' }, el('span', {}, fill(words().uploading, { name: file.name })));
    node.append(chip);
    node.hidden = false;
    const answer = await upload(as(), file);
    if (!answer.ok) {
      drop(key, chip);
      return onTrouble(fill(answer.say ?? words().uploadFailed, { name: file.name }));
    }
    kept.set(key, answer.body);
    chip.classList.remove('busy');
    const label = fill(words().remove, { name: file.name });
    chip.replaceChildren(
      el('span', {}, file.name),
      el('button', { type: 'button', class: 'plain', 'aria-label': label, onclick: () => drop(key, chip) }, '✕'),
    );
    announce(file.name);
  };
  return {
    node,
    add: (files) => {
      running = [...running, ...[...files].map(take)];
    },
    /** waits for what is still on its way */
    all: async () => {
      await Promise.allSettled(running);
      running = [];
      return [...kept.values()];
    },
    clear: () => {
      kept.clear();
      node.replaceChildren();
      node.hidden = true;
    },
  };
}
