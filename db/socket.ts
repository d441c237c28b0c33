/**
 * A connection that sends together what is said together. The driver writes each longer statement of a pipelined batch by itself, and writes are
 * what a press costs most: here those of one turn of the event loop leave as one. https://nodejs.org/api/stream.html#writablecork
 */
import { connect, type NetConnectOpts, type Socket } from 'node:net';

/** What the driver knows of the address when it asks for a socket. */
interface Asked {
  host: string[];
  port: number[];
  path: string | false | undefined;
  connect_timeout: number;
}

/** The first of the addresses that answers. @throws what the last one said */
export async function connectSocket({ host, port, path, connect_timeout }: Asked): Promise<Socket> {
  const places: NetConnectOpts[] = path ? [{ path }] : host.map((name, i) => ({ host: name, port: port[i] ?? 5432 }));
  let failed: unknown;
  for (const place of places) {
    try {
      const socket = await dial(place, connect_timeout * 1000);
      // by this name the driver checks the server's certificate
      return Object.assign(together(socket), 'host' in place ? { host: place.host } : {});
    } catch (error) {
      failed = error;
    }
  }
  throw failed;
}

function dial(place: NetConnectOpts, withinMs: number): Promise<Socket> {
  const socket = connect(place);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      socket.destroy(Object.assign(new Error('the database did not answer in time'), { code: 'CONNECT_TIMEOUT' }));
    }, withinMs);
    const failed = (error: Error): void => {
      clearTimeout(late);
      reject(error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(late);
      socket.removeListener('error', failed);
      resolve(socket);
    });
  });
}

function together(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...said: unknown[]) => boolean;
  let gathering = false;
  const gather = (...said: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      process.nextTick(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return write(...said);
  };
  return Object.assign(socket, { write: gather });
}
