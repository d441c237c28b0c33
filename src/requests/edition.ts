/** Under which version of its process a request is filled in again: today's; what is spent finds the way to its end without one. */
import type { PinnedProcess, World } from '../processes/model.ts';
import type { Request } from './model.ts';

/** Undefined: the process has left the handbook, and nothing is lost if the request ends there. */
export async function editionFor(
  { process: id, version, executed }: Request,
  world: World,
): Promise<PinnedProcess | undefined> {
  const today = world.processes.find((one) => one.process.id === id);
  if (today || !executed) return today;
  const process = await world.pinned(id, version);
  return process && { process, version };
}
