/** What stands between the product and its database, and can fail like a network or a server that restarts. */
import net from 'node:net';

export type Wire = Awaited<ReturnType<typeof openWire>>;

/** `overhear` makes for each connection what is given all that the product sends. */
export async function openWire(url: string, overhear?: () => (bytes: Buffer) => void) {
  const target = new URL(url);
  const sockets = new Set<net.Socket>();
  let deaf = false;
  let down = false;
  const server = net.createServer((near) => {
    if (down) {
      near.resetAndDestroy();
      return;
    }
    const hear = overhear?.();
    if (hear) near.on('data', hear);
    const far = net.connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => void (deaf || to.write(bytes)));
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
    sockets.add(near);
    near.on('close', () => sockets.delete(near));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String((server.address() as net.AddressInfo).port);
  const cut = (how: 'end' | 'reset') => {
    for (const socket of sockets) how === 'end' ? socket.destroy() : socket.resetAndDestroy();
  };
  return {
    url: here.href,
    cut,
    deafen: () => {
      deaf = true;
    },
    /** the server has stopped: whoever is connected is cut off, whoever comes is refused */
    stop: () => {
      down = true;
      cut('end');
    },
    start: () => {
      down = false;
    },
    heal: () => {
      if (!deaf) return;
      deaf = false;
      cut('end');
    },
    close: () => {
      cut('end');
      server.close();
    },
  };
}
