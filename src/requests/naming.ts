/** What the files of a request are named after (G6): what it is about, and the version of its content. */
import type { FileFacts, Joined } from '../files/model.ts';
import type { Process } from '../processes/model.ts';
import { purposeOf } from './content.ts';
import type { Request } from './model.ts';

/** `had`: how many files it has already, and the form that says what it is about. */
export function joined(
  request: Pick<Request, 'number' | 'values' | 'submission'>,
  had: FileFacts & { process?: Process },
): Joined {
  const purpose = had.process ? purposeOf(had.process, request.values) : '';
  return { project: purpose || request.number, version: request.submission, files: had.files ?? 0 };
}
