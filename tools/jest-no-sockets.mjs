// The unit tier does no I/O: a spec that opens a socket, or listens on one, fails here.
import dgram from 'node:dgram';
import net from 'node:net';

function refuse() {
  throw new Error('a unit spec may not open a socket: name it .int.spec.ts, or hand the part in');
}
net.Socket.prototype.connect = refuse;
net.Server.prototype.listen = refuse;
dgram.Socket.prototype.bind = refuse;
dgram.Socket.prototype.send = refuse;
