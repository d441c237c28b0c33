/** The messages of one conversation: drawn, kept in order, redrawn when they change, followed to the newest. */
import { drawCard, drawFormMessage } from './card.js';
import { announce, avatar, byId, el, sealMark } from './dom.js';

const NEAR_BOTTOM_PX = 120;

/** `desk` is the page's state; `acts` are what a message can set off: `press(button, message, card)`, `open(form, message)`. */
export function createChat(desk, acts) {
  const list = byId('messages');
  const scroll = byId('scroll');
  const below = byId('below');
  const shown = new Map();

  const nearBottom = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_BOTTOM_PX;
  const toBottom = () => {
    scroll.scrollTop = scroll.scrollHeight;
    below.hidden = true;
  };
  scroll.addEventListener('scroll', () => {
    if (nearBottom()) below.hidden = true;
  });
  below.addEventListener('click', toBottom);

  /** An answer may be here before the line that it answers: whispers give way to what was said earlier (one machine, one clock). */
  const place = (message, node) => {
    const at = Date.parse(message.at);
    const isLater = ({ placed, whispered }) => Number(placed) > message.placed || Number(whispered) >= at;
    const next = [...list.children].find((each) => isLater(each.dataset));
    list.insertBefore(node, next ?? null);
  };
  const settle = () => {
    drawDays(list, desk);
    byId('empty').hidden = list.childElementCount > 0;
  };
  const upsert = (message) => {
    const before = shown.get(message.id);
    if (before && before.message.changed >= message.changed) return false;
    const node = drawMessage(message, desk, acts);
    if (before) redraw(before.node, node);
    else place(message, node);
    // a redrawn message keeps its first node: the next change must find the one that stands on the page
    shown.set(message.id, { message, node: before?.node ?? node });
    return true;
  };
  return {
    /** everything anew: another person, another conversation */
    reset(messages) {
      shown.clear();
      list.replaceChildren();
      for (const message of messages) upsert(message);
      settle();
      toBottom();
    },
    /** older ones above; what is being read stays where it is */
    prepend(messages) {
      const height = scroll.scrollHeight;
      for (const message of messages) upsert(message);
      settle();
      scroll.scrollTop += scroll.scrollHeight - height;
    },
    receive(message) {
      const isNew = !shown.has(message.id);
      const stay = !nearBottom();
      if (!upsert(message)) return;
      settle();
      if (!stay || message.author.kind === 'me') toBottom();
      else if (isNew) below.hidden = false;
      if (message.author.kind !== 'me') announce(`${message.author.name}: ${summaryOf(message.content)}`);
    },
    /** a line that only this person sees and that no table keeps; @returns how to take it away */
    whisper(node) {
      node.dataset.whispered = Date.now();
      list.append(node);
      settle();
      toBottom();
      return () => {
        node.remove();
        settle();
      };
    },
    oldest: () => Math.min(...[...shown.values()].map(({ message }) => message.placed)),
  };
}

function summaryOf(content) {
  if (content.kind === 'card') return content.card.summary;
  return content.kind === 'form' ? content.form.title : content.text;
}

function drawMessage(message, desk, acts) {
  const { author } = message;
  const time = new Date(message.at);
  return el(
    'li',
    { class: `message by-${author.kind}`, 'data-placed': message.placed, 'data-day': time.toDateString() },
    author.kind === 'bot' ? sealMark() : avatar(author.id, author.name, desk.people),
    el(
      'div',
      { class: 'said' },
      el(
        'p',
        { class: 'meta' },
        el('span', { class: 'name' }, author.kind === 'me' ? desk.words.you : author.name),
        author.kind === 'person' && author.title && el('span', {}, author.title),
        el('time', { datetime: message.at }, clock(time, desk)),
      ),
      drawContent(message, desk, acts),
    ),
  );
}

/** A card of a newer release that this page cannot draw must not take the whole conversation with it. */
function drawContent(message, desk, acts) {
  const { content } = message;
  try {
    if (content.kind === 'card')
      return drawCard(content.card, desk, (button, card) => acts.press(button, message, card));
    if (content.kind === 'form') return drawFormMessage(content.form, desk, () => acts.open(content.form, message));
    return drawText(content);
  } catch {
    return el('p', { class: 'bubble' }, desk.words.brokenCard);
  }
}

function drawText({ text, files }) {
  const chips = files.map(({ name }) => el('li', { class: 'chip' }, el('span', {}, name)));
  return el(
    'div',
    { class: 'bubble' },
    text !== '' && el('p', {}, text),
    chips.length > 0 && el('ul', { class: 'chips' }, ...chips),
  );
}

/** The old node stays in its place and takes the new one's content; whoever stood on a button of it stays on the card. */
function redraw(old, fresh) {
  const hadFocus = old.contains(document.activeElement);
  const label = document.activeElement?.textContent;
  old.replaceChildren(...fresh.childNodes);
  old.classList.add('changed');
  old.addEventListener('animationend', () => old.classList.remove('changed'), { once: true });
  if (!hadFocus) return;
  const same = [...old.querySelectorAll('button')].find((button) => button.textContent === label);
  (same ?? old.querySelector('article'))?.focus({ preventScroll: true });
}

function clock(time, desk) {
  return new Intl.DateTimeFormat(desk.words.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    time,
  );
}

function drawDays(list, desk) {
  for (const line of list.querySelectorAll('.day')) line.remove();
  let day;
  for (const node of [...list.children]) {
    if (node.dataset.day === undefined || node.dataset.day === day) continue;
    day = node.dataset.day;
    list.insertBefore(el('li', { class: 'day' }, el('span', {}, dayName(new Date(day), desk))), node);
  }
}

function dayName(day, desk) {
  const daysAgo = Math.round((new Date(new Date().toDateString()) - day) / 86_400_000);
  if (daysAgo === 0) return desk.words.today;
  if (daysAgo === 1) return desk.words.yesterday;
  const year = day.getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(desk.words.lang, { year, month: 'long', day: 'numeric', weekday: 'short' }).format(
    day,
  );
}
