/** The log: constant messages, facts as fields; no secret and no form content, whatever a library slips in. */
import pino, { type Logger } from 'pino';

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
const BAGGAGE = ['config', 'request', 'response', 'query', 'parameters', 'args', 'detail'].map((key) => `err.${key}`);

export function createLog(level: string): Logger {
  const paths = [...SECRET, ...CONTENT].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino({ level, redact: { paths: [...new Set([...paths, ...BAGGAGE])], censor: '[redacted]' } });
}
