/**
 * Loaded into the server processes before anything else (`node --import`): the platforms of a run grant many times what they really grant, and
 * the product's own limits, which follow theirs, are lifted by the same factor. Nothing else of the product is touched, and no clock is.
 */
import { registerHooks } from 'node:module';

const times = Number(process.env.CHAOS_GENEROSITY);

/** by the end of a file's address: what is rewritten in it, and how often it stands there at least */
const REWRITES: Record<string, { from: RegExp; to: string; least: number }> = {
  '/adapters/slack/rates.ts': { from: /perSecond: ([^,}]+?)(,| })/g, to: `perSecond: ($1) * ${times}$2`, least: 8 },
  '/adapters/feishu/limits.ts': {
    from: /^const (SECOND|MINUTE) = (.+);$/gm,
    to: `const $1 = $2 / ${times};`,
    least: 2,
  },
};

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const rewrite = Object.entries(REWRITES).find(([end]) => url.endsWith(end))?.[1];
    if (rewrite === undefined || loaded.source === undefined || loaded.source === null) return loaded;
    const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    const found = text.match(rewrite.from)?.length ?? 0;
    if (found < rewrite.least) throw new Error(`${url} no longer says its limits as the chaos run reads them`);
    return { ...loaded, source: text.replace(rewrite.from, rewrite.to) };
  },
});
