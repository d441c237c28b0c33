/** A program of its own that keeps the embedded Postgres of a folder running: `node keeper.ts FOLDER`. It tells what it got. */
import { startEmbedded } from '../../db/embedded.ts';

const [folder = ''] = process.argv.slice(2);
const { url, attached, stop } = await startEmbedded(folder, { durable: false });
// first the ear, then the word: who hears it may stop us at once
process.once('SIGTERM', () => stop().then(() => process.exit(0)));
console.log(JSON.stringify({ url, attached }));
// the server alone does not keep a program alive
setInterval(() => {}, 60_000);
