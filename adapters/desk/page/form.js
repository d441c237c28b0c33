/** A neutral Form as a dialog: faults stand at their fields, what was typed survives every answer, the intro follows the values. */
import { drawBlocks } from './card.js';
import { el, freshId } from './dom.js';
import { drawField } from './field.js';

const PREVIEW_AFTER_MS = 350;

/**
 * `submit(action, values, files, act)` and `preview(action, values)` answer as wire.js does; `onReply(reply)` gets every
 * reply that is not about this form's own faults.
 */
export function openForm(form, desk, { submit, preview, onReply }) {
  const title = freshId('form');
  const alert = el('div', { class: 'alert', role: 'alert', hidden: true });
  const intro = el('div', { class: 'intro', 'aria-live': 'polite' });
  const fieldset = el('div', { class: 'fields' });
  const send = el('button', { type: 'submit', class: 'primary' }, form.submit);
  const cancel = el('button', { type: 'button', onclick: () => dialog.close() }, form.cancel);
  const close = el(
    'button',
    { type: 'button', class: 'plain icon', 'aria-label': desk.words.close, onclick: () => dialog.close() },
    '✕',
  );
  const body = el(
    'form',
    { novalidate: true, autocomplete: 'off' },
    el('header', {}, el('h2', { id: title }, form.title), close),
    el('div', { class: 'sheet-body' }, alert, intro, fieldset),
    el('footer', { class: 'buttons' }, cancel, send),
  );
  const dialog = el('dialog', { class: 'sheet', 'aria-labelledby': title }, body);
  const sheet = { form, desk, dialog, alert, intro, fieldset, send, fields: [], sent: undefined };

  drawIntro(sheet, form.intro);
  drawFields(sheet, form);
  body.addEventListener('submit', (event) => {
    event.preventDefault();
    sendForm(sheet, submit, onReply);
  });
  if (form.preview) followChanges(sheet, preview);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  focusFirst(sheet);
  return dialog;
}

function drawIntro({ intro, desk }, blocks) {
  // buttons have no place above the fields of a form
  const shown = blocks.filter((block) => block.kind !== 'buttons');
  intro.replaceChildren(...drawBlocks(shown, desk, () => undefined));
  intro.hidden = shown.length === 0;
}

/** Drawn anew with their faults: what the person typed and the files they chose stay. */
function drawFields(sheet, form) {
  const before = new Map(sheet.fields.map((field) => [field.id, field]));
  const onTrouble = (sentence) => showAlert(sheet, sentence);
  sheet.fields = form.fields.map((field) => {
    const old = before.get(field.id);
    return drawField(field, sheet.desk, { value: old?.value(), kept: old?.files, onTrouble });
  });
  sheet.fieldset.replaceChildren(...sheet.fields.map(({ node }) => node));
}

function focusFirst({ fields, send }) {
  const faulty = fields.find(({ control }) => control.getAttribute('aria-invalid') === 'true');
  const empty = fields.find(
    ({ control, files }) => !files && control.value === '' && control.getAttribute('aria-required') === 'true',
  );
  (faulty ?? empty ?? fields[0])?.control.focus();
  if (fields.length === 0) send.focus();
}

function showAlert({ alert }, sentence) {
  alert.hidden = false;
  alert.replaceChildren(el('p', {}, sentence));
}

const valuesOf = ({ fields }) =>
  Object.fromEntries(fields.filter(({ files }) => !files).map((field) => [field.id, field.value()]));

async function filesOf({ fields }) {
  const lists = fields.filter(({ files }) => files).map(async (field) => [field.id, await field.files.all()]);
  return Object.fromEntries((await Promise.all(lists)).filter(([, list]) => list.length > 0));
}

/** The same content sent again is the same act, so that a lost answer cannot double it; other content is a new one. */
function actFor(sheet, content) {
  const text = JSON.stringify(content);
  if (sheet.sent?.text !== text) sheet.sent = { text, act: crypto.randomUUID() };
  return sheet.sent.act;
}

async function sendForm(sheet, submit, onReply) {
  const { form, send, desk } = sheet;
  if (send.getAttribute('aria-disabled') === 'true') return;
  send.setAttribute('aria-disabled', 'true');
  const values = valuesOf(sheet);
  const files = await filesOf(sheet);
  const answer = await submit(form.action, values, files, actFor(sheet, { values, files }));
  send.removeAttribute('aria-disabled');
  if (!answer.ok) return showAlert(sheet, answer.say ?? (answer.again ? desk.words.failed : desk.words.refused));
  // answered: what comes next, even with the same words, is a new act
  sheet.sent = undefined;
  settle(sheet, answer.body, onReply);
}

function settle(sheet, reply, onReply) {
  if (reply.kind === 'faults') return showFaults(sheet, reply);
  // a refusal is said here, where what they typed is still in their hands
  if (reply.kind === 'said' && reply.tone === 'bad') return showAlert(sheet, reply.text);
  sheet.dialog.close();
  onReply(reply);
}

function showFaults(sheet, { form, say }) {
  sheet.form = form;
  drawIntro(sheet, form.intro);
  drawFields(sheet, form);
  showAlert(sheet, say || sheet.desk.words.refused);
  focusFirst(sheet);
}

/** A late answer to older values is not drawn over a newer one. */
function followChanges(sheet, preview) {
  let asked = 0;
  let timer;
  const ask = async () => {
    if (!sheet.form.preview || !sheet.dialog.open) return;
    asked += 1;
    const mine = asked;
    sheet.intro.setAttribute('aria-busy', 'true');
    const answer = await preview(sheet.form.preview, valuesOf(sheet));
    if (mine !== asked) return;
    sheet.intro.removeAttribute('aria-busy');
    if (answer.ok && answer.body.form) drawIntro(sheet, answer.body.form.intro);
  };
  sheet.fieldset.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PREVIEW_AFTER_MS);
  });
}
