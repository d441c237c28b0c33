/**
 * The stream of changes. The browser reconnects by itself and says where it was; where it gives up we try again. A tab that
 * nobody looks at lets go of its stream: browsers allow six connections to one server over all tabs, and a seventh tab would hang.
 */
const TRY_AGAIN_MS = [500, 1_000, 2_000, 4_000];
/** Shorter breaks are nobody's business. */
const SAY_AFTER_MS = 1_200;

export function follow({ as, since, onMessage, onElsewhere, onPlace, onState }) {
  let mark = since;
  let source;
  let tries = 0;
  let timer;
  let notice;
  let ended = false;

  const lost = () => {
    notice ??= setTimeout(() => onState('connecting'), SAY_AFTER_MS);
  };
  const found = () => {
    clearTimeout(notice);
    notice = undefined;
    tries = 0;
    onState('live');
  };
  const saw = (event) => {
    if (event.lastEventId !== '') mark = Number(event.lastEventId);
  };
  const open = () => {
    source?.close();
    source = new EventSource(`/desk/changes?${new URLSearchParams({ as, since: mark })}`);
    source.addEventListener('hello', found);
    source.addEventListener('beat', saw);
    source.addEventListener('message', (event) => {
      saw(event);
      onMessage(JSON.parse(event.data));
    });
    source.addEventListener('elsewhere', (event) => {
      saw(event);
      onElsewhere(JSON.parse(event.data).person);
    });
    source.addEventListener('place', (event) => {
      saw(event);
      onPlace(JSON.parse(event.data));
    });
    source.addEventListener('error', () => {
      lost();
      if (source.readyState !== EventSource.CLOSED || ended) return;
      clearTimeout(timer);
      timer = setTimeout(open, TRY_AGAIN_MS[Math.min(tries, TRY_AGAIN_MS.length - 1)]);
      tries += 1;
    });
  };
  const release = () => {
    clearTimeout(timer);
    clearTimeout(notice);
    notice = undefined;
    source?.close();
  };
  const look = () => {
    if (document.visibilityState === 'visible') open();
    else release();
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    ended = true;
    document.removeEventListener('visibilitychange', look);
    release();
  };
}
