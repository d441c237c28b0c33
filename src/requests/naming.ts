/** What a request's files are called (G6). */
import { localDate } from '../core/calendar.ts';
import type { Moment } from '../core/module.ts';
import { fileName } from '../core/vault.ts';
import type { World } from '../processes/model.ts';
import type { Request } from './model.ts';

const PROJECT_LENGTH = 40;

/** The project is what the request is about; the number is the file's within the request; the version is that of the content. */
export function attachmentName(
  request: Pick<Request, 'number' | 'values' | 'submission'>,
  position: number,
  original: string,
  moment: Moment<World>,
): string {
  const purpose = Object.values(request.values).find((value) => typeof value === 'string') ?? request.number;
  return fileName({
    project: [...purpose].slice(0, PROJECT_LENGTH).join(''),
    date: localDate(moment.at, moment.world.directory.company.timezone),
    number: position,
    version: request.submission,
    ext: /\.([A-Za-z0-9]{1,8})$/.exec(original)?.[1] ?? '',
  });
}
