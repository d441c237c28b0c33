/** The log: constant messages, facts as fields; no secret and no form content, whatever a library slips in. */
import pino, { type DestinationStream, type Logger } from 'pino';

const SECRET = [
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'signature',
  'appSecret',
  'botToken',
  'encryptKey',
];
const CONTENT = ['values', 'text', 'content', 'blocks', 'card', 'form', 'args'];
/** What HTTP clients and the database's driver hang on their errors: whole requests, with their headers and parameters. */
const BAGGAGE = ['config', 'request', 'response', 'query', 'parameters', 'args', 'detail', 'where', 'client'].map(
  (key) => `err.${key}`,
);

/** Onto the standard output unless `to` says otherwise. */
export function createLog(level: string, to: DestinationStream = pino.destination(1)): Logger {
  const paths = [...SECRET, ...CONTENT].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino({ level, redact: { paths: [...new Set([...paths, ...BAGGAGE])], censor: '[redacted]' } }, to);
}
