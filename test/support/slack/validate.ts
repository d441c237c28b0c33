/**
 * Block Kit as Slack checks it: types, unknown properties, lengths, counts, duplicate ids, what may stand on which
 * surface. Written from https://docs.slack.dev/reference/block-kit, on purpose without a look at the product's limits.
 */
export type Obj = Record<string, unknown>;
export type Surface = 'message' | 'modal' | 'home';

interface Report {
  faults: string[];
  blockIds: Set<string>;
  surface: Surface;
}
type Check = (value: unknown, at: string, report: Report) => void;

/** Every fault with its JSON pointer; empty when Slack would take it. */
export function blockFaults(blocks: unknown, surface: Surface): string[] {
  const report: Report = { faults: [], blockIds: new Set(), surface };
  list(surface === 'message' ? 50 : 100, block, surface === 'message' ? 0 : 1)(blocks, '/blocks', report);
  return report.faults;
}

export function viewFaults(view: unknown, kind: 'modal' | 'home'): string[] {
  const report: Report = { faults: [], blockIds: new Set(), surface: kind };
  const common = {
    type: one(kind),
    blocks: list(100, block, 1),
    callback_id: optional(string(255)),
    private_metadata: optional(string(3000, 0)),
  };
  const modal = {
    title: plainText(24),
    submit: optional(plainText(24)),
    close: optional(plainText(24)),
    clear_on_close: optional(flag),
    notify_on_close: optional(flag),
    external_id: optional(string(255)),
  };
  shape(kind === 'modal' ? { ...common, ...modal } : common)(view, '/view', report);
  if (
    kind === 'modal' &&
    isObject(view) &&
    Array.isArray(view.blocks) &&
    view.blocks.some((one) => isObject(one) && one.type === 'input') &&
    !view.submit
  ) {
    report.faults.push('/view/submit: required when there are input blocks');
  }
  if (Buffer.byteLength(JSON.stringify(view) ?? '') > 250_000) report.faults.push('/view: view_too_large');
  return report.faults;
}

/** Every text that a reader sees, in reading order. */
export function visibleTexts(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(visibleTexts);
  if (!isObject(node)) return [];
  const { type, text } = node;
  if (typeof text === 'string' && ['plain_text', 'text', 'link'].includes(String(type))) return [text];
  if (typeof text === 'string' && type === 'mrkdwn') return [entitiesRead(text)];
  return ['title', 'label', 'text', 'fields', 'elements', 'element', 'hint', 'placeholder', 'blocks'].flatMap((key) =>
    visibleTexts(node[key]),
  );
}

/** What Slack would bring to life: mentions, broadcasts, links with labels, in `text` and in mrkdwn. */
export function liveTokens(text: unknown, blocks: unknown): string[] {
  const found: string[] = [];
  const look = (markup: string) => found.push(...(markup.match(/<[@#!][^<>]*>|<[a-z]+:[^<>]*>/gi) ?? []));
  if (typeof text === 'string') look(text);
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) walk(item);
    if (!isObject(node)) return;
    if (node.type === 'mrkdwn' && typeof node.text === 'string') look(node.text);
    if (['user', 'usergroup', 'broadcast', 'channel', 'emoji'].includes(String(node.type)))
      found.push(JSON.stringify(node));
    for (const value of Object.values(node)) walk(value);
  };
  walk(blocks);
  return found;
}

export function isObject(value: unknown): value is Obj {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entitiesRead(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

const length = (text: string) => [...text].length;

function string(max: number, min = 1): Check {
  return (value, at, { faults }) => {
    if (typeof value !== 'string') return void faults.push(`${at}: must be a string`);
    if (length(value) > max) faults.push(`${at}: more than ${max} characters`);
    if (length(value) < min) faults.push(`${at}: fewer than ${min} characters`);
    if (!value.isWellFormed() || value.includes('\u0000')) faults.push(`${at}: not valid text`);
  };
}

const flag: Check = (value, at, { faults }) => {
  if (typeof value !== 'boolean') faults.push(`${at}: must be a boolean`);
};

function integer(min: number, max: number): Check {
  return (value, at, { faults }) => {
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
      faults.push(`${at}: not an integer of ${min}–${max}`);
  };
}

function one(...allowed: string[]): Check {
  return (value, at, { faults }) => {
    if (!allowed.includes(String(value))) faults.push(`${at}: ${String(value)} is not one of ${allowed.join(', ')}`);
  };
}

interface Optional {
  check: Check;
  optional: true;
}
function optional(check: Check): Optional {
  return { check, optional: true };
}

function shape(properties: Record<string, Check | Optional>): Check {
  return (value, at, report) => {
    if (!isObject(value)) return void report.faults.push(`${at}: must be an object`);
    for (const key of Object.keys(value))
      if (!(key in properties)) report.faults.push(`${at}/${key}: unknown property`);
    for (const [key, wanted] of Object.entries(properties)) {
      const check = typeof wanted === 'function' ? wanted : wanted.check;
      if (value[key] !== undefined) check(value[key], `${at}/${key}`, report);
      else if (typeof wanted === 'function') report.faults.push(`${at}/${key}: missing`);
    }
  };
}

function list(max: number, check: Check, min = 1): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) return void report.faults.push(`${at}: must be a list`);
    if (value.length > max) report.faults.push(`${at}: more than ${max} items`);
    if (value.length < min) report.faults.push(`${at}: fewer than ${min} items`);
    for (const [index, item] of value.entries()) check(item, `${at}/${index}`, report);
  };
}

function byType(kinds: Record<string, Check>): Check {
  return (value, at, report) => {
    const type = isObject(value) ? String(value.type) : 'nothing';
    const check = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (check) check(value, at, report);
    else report.faults.push(`${at}/type: ${type} is not allowed here`);
  };
}

function unique(key: string): Check {
  return (value, at, { faults }) => {
    const ids = Array.isArray(value)
      ? value.map((item) => (isObject(item) ? item[key] : undefined)).filter((id) => id !== undefined)
      : [];
    if (new Set(ids).size < ids.length) faults.push(`${at}: duplicate ${key}`);
  };
}

function all(...checks: Check[]): Check {
  return (value, at, report) => {
    for (const check of checks) check(value, at, report);
  };
}

const onlyOn =
  (surfaces: Surface[], check: Check): Check =>
  (value, at, report) => {
    if (!surfaces.includes(report.surface)) report.faults.push(`${at}: not available on ${report.surface}`);
    check(value, at, report);
  };

function plainText(max: number): Check {
  return shape({ type: one('plain_text'), text: string(max), emoji: optional(flag) });
}
function anyText(max: number): Check {
  return byType({
    plain_text: plainText(max),
    mrkdwn: shape({ type: one('mrkdwn'), text: string(max), verbatim: optional(flag) }),
  });
}

const blockId: Check = all(string(255), (value, at, report) => {
  if (report.blockIds.has(String(value))) report.faults.push(`${at}: duplicate block_id ${String(value)}`);
  report.blockIds.add(String(value));
});
const style = one('primary', 'danger');
const actionId = optional(string(255));
const url: Check = all(string(3000), (value, at, { faults }) => {
  if (!URL.canParse(String(value))) faults.push(`${at}: not a URL`);
});

const confirm = shape({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: optional(style),
});
const button = shape({
  type: one('button'),
  text: plainText(75),
  action_id: actionId,
  value: optional(string(2000)),
  url: optional(url),
  style: optional(style),
  confirm: optional(confirm),
  accessibility_label: optional(string(75)),
});
const option = shape({ text: anyText(75), value: string(150), description: optional(plainText(75)) });
const placeholder = optional(plainText(150));
const options = list(100, option);

const initialIsAnOption: Check = (value, at, { faults }) => {
  if (!isObject(value) || value.initial_option === undefined) return;
  const groups = Array.isArray(value.option_groups)
    ? value.option_groups.flatMap((group) => (isObject(group) ? group.options : []))
    : [];
  const offered = [...(Array.isArray(value.options) ? value.options : []), ...groups];
  if (!offered.some((candidate) => JSON.stringify(candidate) === JSON.stringify(value.initial_option)))
    faults.push(`${at}/initial_option: is not among the options`);
  if (value.options !== undefined && value.option_groups !== undefined) faults.push(`${at}: options and option_groups`);
};

const dispatchConfig = optional(
  shape({ trigger_actions_on: list(2, one('on_enter_pressed', 'on_character_entered')) }),
);
const initialFits: Check = (value, at, { faults }) => {
  if (!isObject(value) || typeof value.initial_value !== 'string') return;
  if (value.initial_value.length > Number(value.max_length ?? 3000))
    faults.push(`${at}/initial_value: longer than max_length`);
};
const day: Check = (value, at, { faults }) => {
  if (!/^\d{4}-\d\d-\d\d$/.test(String(value)) || Number.isNaN(Date.parse(String(value))))
    faults.push(`${at}: not a day`);
};

const inputElement = byType({
  plain_text_input: all(
    shape({
      type: one('plain_text_input'),
      action_id: actionId,
      multiline: optional(flag),
      initial_value: optional(string(3000, 0)),
      min_length: optional(integer(0, 3000)),
      max_length: optional(integer(1, 3000)),
      placeholder,
      dispatch_action_config: dispatchConfig,
      focus_on_load: optional(flag),
    }),
    initialFits,
  ),
  datepicker: shape({
    type: one('datepicker'),
    action_id: actionId,
    initial_date: optional(day),
    placeholder,
    confirm: optional(confirm),
  }),
  static_select: all(
    shape({
      type: one('static_select'),
      action_id: actionId,
      options: optional(options),
      option_groups: optional(list(100, shape({ label: plainText(75), options }))),
      initial_option: optional(option),
      placeholder,
      confirm: optional(confirm),
    }),
    initialIsAnOption,
  ),
  users_select: shape({
    type: one('users_select'),
    action_id: actionId,
    initial_user: optional(string(40)),
    placeholder,
  }),
  file_input: onlyOn(
    ['modal'],
    shape({
      type: one('file_input'),
      action_id: actionId,
      filetypes: optional(list(100, string(20))),
      max_files: optional(integer(1, 10)),
    }),
  ),
});

const textStyle = optional(
  shape({ bold: optional(flag), italic: optional(flag), strike: optional(flag), code: optional(flag) }),
);
const richElements = list(
  1000,
  byType({
    text: shape({ type: one('text'), text: string(13_000), style: textStyle }),
    link: shape({ type: one('link'), url, text: optional(string(3000)), style: textStyle, unsafe: optional(flag) }),
  }),
);
const richBlock = byType({
  rich_text_section: shape({ type: one('rich_text_section'), elements: richElements }),
  rich_text_quote: shape({ type: one('rich_text_quote'), elements: richElements, border: optional(integer(0, 1)) }),
});

const sectionHasContent: Check = (value, at, { faults }) => {
  if (isObject(value) && value.text === undefined && value.fields === undefined)
    faults.push(`${at}: neither text nor fields`);
};
const block = byType({
  header: shape({ type: one('header'), block_id: optional(blockId), text: plainText(150) }),
  section: all(
    shape({
      type: one('section'),
      block_id: optional(blockId),
      text: optional(anyText(3000)),
      fields: optional(list(10, anyText(2000))),
      expand: optional(flag),
    }),
    sectionHasContent,
  ),
  context: shape({ type: one('context'), block_id: optional(blockId), elements: list(10, anyText(3000)) }),
  divider: shape({ type: one('divider'), block_id: optional(blockId) }),
  actions: shape({
    type: one('actions'),
    block_id: optional(blockId),
    elements: all(list(25, byType({ button })), unique('action_id')),
  }),
  rich_text: shape({ type: one('rich_text'), block_id: optional(blockId), elements: list(100, richBlock) }),
  input: shape({
    type: one('input'),
    block_id: optional(blockId),
    label: plainText(2000),
    element: inputElement,
    hint: optional(plainText(2000)),
    optional: optional(flag),
    dispatch_action: optional(flag),
  }),
});
