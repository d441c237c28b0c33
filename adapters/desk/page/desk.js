/** The page: reads who and where from its address, shows that, and carries what happens between the person and the product. */

import { drawCard } from './card.js';
import { createChat } from './chat.js';
import { createComposer } from './composer.js';
import { announce, byId, el, fill, speak } from './dom.js';
import { openForm } from './form.js';
import { follow } from './live.js';
import { createSidebar, linkTo, readLink } from './sidebar.js';
import { getEarlier, getState, send } from './wire.js';

const SLOW_AFTER_MS = 700;
const TRY_AGAIN_MS = 1_500;
const LAST_PERSON = 'desk.person';

/** Everything that is drawn comes from here: me, people, places, here, commands, examples, words. */
const desk = {};
const chat = createChat(desk, { press, open: showForm });
const sidebar = createSidebar(desk);
const composer = createComposer(desk, { onSay: say, onTrouble: (sentence) => whisperLine('bad', sentence) });
let unfollow;
let visit = 0;
/** the newest change that this tab has been told of: a stream that begins a little earlier repeats some */
let newest = 0;

// ——— who and where ———

async function goTo({ as, in: place }) {
  visit += 1;
  const mine = visit;
  const answer = await getState(as ?? lastPerson(), place);
  if (mine !== visit) return;
  if (!answer.ok) return waitAndGo({ as, in: place }, mine, answer);
  const isSamePerson = desk.me?.id === answer.body.me.id;
  const { messages, mark, earlier, ...rest } = answer.body;
  Object.assign(desk, rest);
  rememberPerson(desk.me.id);
  history.replaceState(null, '', linkTo(desk.me.id, desk.here));
  drawFrame(isSamePerson);
  chat.reset(messages);
  byId('earlier').hidden = !earlier;
  // from the very state that is on the screen: a change between its reading and its drawing must not be lost
  followMe(mark);
  if (desk.here === 'home') askHome();
}

/** The server is not there (yet): what is on the screen stays, and we try again. */
function waitAndGo(link, mine, answer) {
  showStatus('connecting', answer.say);
  setTimeout(() => mine === visit && goTo(link), TRY_AGAIN_MS);
}

/** Only a convenience: a browser that keeps nothing for pages opens as the first person. */
function lastPerson() {
  try {
    return localStorage.getItem(LAST_PERSON) ?? undefined;
  } catch {
    return undefined;
  }
}

function rememberPerson(id) {
  try {
    localStorage.setItem(LAST_PERSON, id);
  } catch {
    // then the next visit begins with the first person
  }
}

function drawFrame(isSamePerson) {
  const { words, me, places, here } = desk;
  const place = places.find(({ id }) => id === here);
  speak(words);
  document.title = `${me.name} · ${words.product}`;
  byId('frame').hidden = false;
  // what one person was told is not read out to the next
  announce('');
  byId('place-name').textContent = place.name;
  byId('acting').textContent = `${fill(words.actingAs, { name: me.name, title: me.title })} · ${place.says}`;
  sidebar.draw(isSamePerson);
  composer.draw(place.name);
  drawEmpty();
}

function drawEmpty() {
  const { words, here, examples } = desk;
  const [title, ...rest] =
    here === 'bot'
      ? [
          words.emptyTitle,
          el('p', {}, words.emptyBot),
          drawExamples(examples),
          el('p', { class: 'small' }, words.thenSwitch),
        ]
      : [
          words.emptyTitle,
          el('p', {}, here === 'home' ? words.emptyHome : isRoom(here) ? words.emptyRoom : words.emptyChannel),
        ];
  byId('empty').replaceChildren(here === 'bot' ? el('h2', {}, title) : '', ...rest);
}

const isRoom = (place) => place.startsWith('channel:room:');

function drawExamples(examples) {
  const items = examples.map(({ text, says }) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', class: 'example', onclick: () => composer.fill(text) },
        el('code', {}, text),
        el('span', { class: 'small' }, says),
      ),
    ),
  );
  return el('ul', { class: 'examples' }, ...items);
}

// ——— what happens elsewhere ———

function followMe(since) {
  unfollow?.();
  unfollow = follow({
    as: desk.me.id,
    since,
    onState: (state) => showStatus(state),
    onElsewhere: sidebar.markPerson,
    onPlace: sidebar.addPlace,
    onMessage: (message) => {
      const isRepeated = message.changed <= newest;
      newest = Math.max(newest, message.changed);
      if (message.in === desk.here) return chat.receive(message);
      const isNews = message.placed === message.changed && message.author.kind !== 'me' && message.in !== 'home';
      if (isNews && !isRepeated) sidebar.markPlace(message.in);
    },
  });
}

function showStatus(state, sentence) {
  const status = byId('status');
  const isLive = state === 'live';
  status.className = state;
  // before the first state the words are not here yet: the server's sentence, or only the colour
  status.textContent = isLive ? '' : (sentence ?? desk.words?.connecting ?? '…');
}

// ——— what the person does ———

const here = () => ({ as: desk.me.id, in: desk.here });

function say(text, files) {
  const isPrivate = desk.here.startsWith('channel:') && /^[/／]/.test(text);
  if (isPrivate) whisper('mine', el('p', {}, text));
  carry('say', { ...here(), act: crypto.randomUUID(), text, files }, text);
}

function press(button, message, card) {
  const body = { ...here(), act: crypto.randomUUID(), action: button.action, ...(message && { message: message.id }) };
  return carry('press', body, button.label, card);
}

function askHome() {
  send('visit', { ...here(), act: crypto.randomUUID() });
}

/** Sends one act and shows the answer; a card waits with its buttons off until then. The same act again is the same act. */
async function carry(kind, body, label, card) {
  const waiting = setBusy(card, true);
  const slow = setTimeout(() => announceSlow(), SLOW_AFTER_MS);
  let unsay;
  const announceSlow = () => {
    unsay = whisper('info', el('p', {}, desk.words.slow));
  };
  const answer = await send(kind, body);
  clearTimeout(slow);
  unsay?.();
  waiting();
  if (body.as !== desk.me.id) return;
  if (answer.ok) return show(answer.body);
  const sentence = answer.say ?? (answer.again ? desk.words.failed : desk.words.refused);
  whisperLine(
    'bad',
    fill(desk.words.about, { what: label, says: sentence }),
    answer.again && (() => carry(kind, body, label, card)),
  );
}

function setBusy(card, isBusy) {
  if (!card) return () => undefined;
  card.setAttribute('aria-busy', String(isBusy));
  for (const button of card.querySelectorAll('button')) button.setAttribute('aria-disabled', String(isBusy));
  return () => setBusy(card, false);
}

function show(reply) {
  if (reply.kind === 'said') whisperLine(reply.tone, reply.text);
  if (reply.kind === 'card')
    whisper(
      'info',
      drawCard(reply.card, desk, (button, card) => press(button, undefined, card)),
    );
  if (reply.kind === 'form' || reply.kind === 'faults') showForm(reply.form);
}

function showForm(form, message) {
  const about = { ...here(), ...(message && { message: message.id }) };
  openForm(form, desk, {
    submit: (action, values, files, act) => send('form', { ...about, act, action, values, files }),
    preview: (action, values) => send('form', { ...about, act: crypto.randomUUID(), action, values, files: {} }),
    onReply: show,
  });
}

function whisperLine(tone, text, again) {
  announce(text);
  const retry = () => {
    remove();
    again();
  };
  const button = again && el('button', { type: 'button', onclick: retry }, desk.words.again);
  const remove = whisper(tone, el('p', {}, text), button);
}

function whisper(tone, ...content) {
  const dismiss = el(
    'button',
    { type: 'button', class: 'plain icon', 'aria-label': desk.words.dismiss, onclick: () => remove() },
    '✕',
  );
  const note = el('p', { class: 'small' }, desk.words.onlyYou);
  const node = el(
    'li',
    { class: `whisper tone-${tone}` },
    el('div', { class: 'whisper-body' }, ...content, note),
    dismiss,
  );
  const remove = chat.whisper(node);
  return remove;
}

// ——— start ———

byId('skip').addEventListener('click', composer.focus);
byId('earlier').addEventListener('click', async () => {
  const answer = await getEarlier(desk.me.id, desk.here, chat.oldest());
  if (!answer.ok) return whisperLine('bad', answer.say ?? desk.words.failed);
  byId('earlier').hidden = !answer.body.earlier;
  chat.prepend(answer.body.messages);
});
window.addEventListener('hashchange', () => {
  sidebar.close();
  goTo(readLink(location.hash));
});
document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest?.('input, textarea, select, dialog');
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  composer.focus();
});
goTo(readLink(location.hash));
