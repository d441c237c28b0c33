/** Who you are and where you are. Every entry is a link, so a person can also be opened in a tab of their own. */
import { avatar, byId, el, fill } from './dom.js';

const MANY_PEOPLE = 12;
const NARROW = matchMedia('(max-width: 760px)');

export const linkTo = (as, place) => `#${new URLSearchParams({ as, in: place })}`;

export function readLink(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  return { as: params.get('as') ?? undefined, in: params.get('in') ?? undefined };
}

export function createSidebar(desk) {
  const drawer = createDrawer();
  const find = byId('find-person');
  const unread = new Map();
  const waiting = new Set();

  const drawPlaces = () => {
    const links = desk.places.map((place) => placeLink(place, desk, unread.get(place.id) ?? 0));
    byId('places').replaceChildren(...links);
  };
  const drawPeople = () => {
    const sought = find.value.trim().toLowerCase();
    const people = desk.people.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(sought));
    byId('people').replaceChildren(...people.map((person) => personLink(person, desk, waiting.has(person.id))));
    const count = [...unread.values()].reduce((sum, each) => sum + each, 0);
    byId('menu-dot').hidden = count === 0 && waiting.size === 0;
  };
  find.addEventListener('input', drawPeople);
  return {
    /** after a switch: whoever is looked at has nothing unread any more */
    draw(isSamePerson) {
      if (!isSamePerson) unread.clear();
      unread.delete(desk.here);
      waiting.delete(desk.me.id);
      find.hidden = desk.people.length <= MANY_PEOPLE;
      byId('company').textContent = desk.company.name;
      drawPlaces();
      drawPeople();
    },
    close: drawer.close,
    /** a room into which this person was brought while they were looking */
    addPlace(place) {
      if (desk.places.some(({ id }) => id === place.id)) return;
      desk.places.push(place);
      drawPlaces();
    },
    markPlace(id) {
      unread.set(id, (unread.get(id) ?? 0) + 1);
      drawPlaces();
      drawPeople();
    },
    markPerson(id) {
      if (waiting.has(id)) return;
      waiting.add(id);
      drawPeople();
    },
  };
}

function placeLink(place, desk, count) {
  const isHere = place.id === desk.here;
  const icon = place.id.startsWith('channel:') ? '#' : place.id === 'home' ? '☑' : '✉';
  return el(
    'li',
    {},
    el(
      'a',
      { href: linkTo(desk.me.id, place.id), 'aria-current': isHere ? 'page' : undefined },
      el('span', { class: 'place-icon', 'aria-hidden': 'true' }, icon),
      el('span', { class: 'entry' }, el('span', { class: 'name' }, place.name)),
      count > 0 && el('span', { class: 'count', 'aria-label': fill(desk.words.unread, { count }) }, String(count)),
    ),
  );
}

function personLink(person, desk, hasNews) {
  const isMe = person.id === desk.me.id;
  const place = desk.here.startsWith('channel:') ? desk.here : 'bot';
  return el(
    'li',
    {},
    el(
      'a',
      { href: linkTo(person.id, isMe ? desk.here : place), 'aria-current': isMe ? 'true' : undefined },
      avatar(person.id, person.name, desk.people),
      el(
        'span',
        { class: 'entry' },
        el('span', { class: 'name' }, person.name),
        el('span', { class: 'small' }, person.title),
      ),
      hasNews && el('span', { class: 'dot', role: 'img', 'aria-label': desk.words.elsewhere }),
    ),
  );
}

/** On a narrow screen the side panel is a drawer: out of the way, and out of the tab order, until it is asked for. */
function createDrawer() {
  const [side, main, veil, opener] = [byId('side'), byId('main'), byId('veil'), byId('open-side')];
  let isOpen = false;
  const apply = () => {
    const isDrawer = NARROW.matches;
    side.inert = isDrawer && !isOpen;
    main.inert = isDrawer && isOpen;
    veil.hidden = !(isDrawer && isOpen);
    side.classList.toggle('open', isOpen);
    opener.setAttribute('aria-expanded', String(isOpen));
  };
  const set = (open) => {
    if (isOpen === open) return;
    isOpen = open;
    apply();
    if (NARROW.matches) (open ? byId('close-side') : opener).focus();
  };
  opener.addEventListener('click', () => set(true));
  byId('close-side').addEventListener('click', () => set(false));
  veil.addEventListener('click', () => set(false));
  document.addEventListener(
    'keydown',
    (event) => event.key === 'Escape' && !document.querySelector('dialog[open]') && set(false),
  );
  NARROW.addEventListener('change', apply);
  apply();
  return { close: () => set(false) };
}
