/** "Are you sure?" in the card's own words. Esc and the quiet button mean no. */
import { el, freshId } from './dom.js';

/** @returns a promise of true for yes */
export function confirmPress({ confirm, style }) {
  const [title, text] = [freshId('confirm'), freshId('confirm')];
  const no = el('button', { type: 'button', onclick: () => dialog.close('no') }, confirm.no);
  const yes = el(
    'button',
    { type: 'button', class: style ?? 'primary', onclick: () => dialog.close('yes') },
    confirm.yes,
  );
  const dialog = el(
    'dialog',
    { class: 'confirm', role: 'alertdialog', 'aria-labelledby': title, 'aria-describedby': text },
    el('h2', { id: title }, confirm.title),
    el('p', { id: text }, confirm.text),
    el('div', { class: 'buttons' }, no, yes),
  );
  document.body.append(dialog);
  dialog.showModal();
  // what cannot be undone is not one careless Enter away
  (style === 'danger' ? no : yes).focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    });
  });
}
