import { MissingPartError } from '@assay/embedded';
import { createServer } from 'node:net';

/** @throws MissingPartError where nobody could listen there; `command` is what to run with another port. */
export function checkPortFree(host: string, port: number, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port, command)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function refusal(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  command: string,
): MissingPartError {
  const other = `PORT=${port === 65_535 ? 3000 : port + 1} ${command}`;
  if (error.code === 'EADDRINUSE')
    return new MissingPartError(`Port ${port} is taken: end what listens there, or choose another: ${other}`);
  if (error.code === 'EACCES')
    return new MissingPartError(
      `Port ${port} may not be used by an ordinary user: choose one from 1024: PORT=3000 ${command}`,
    );
  return new MissingPartError(
    `Nothing can listen on ${host}:${port} (${error.code}): set HOST to an address of this machine.`,
  );
}
