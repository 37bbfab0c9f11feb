// A process that owns an embedded node in the folder named on its command line, says the node's pid and waits.
import { startEmbeddedNode } from '../../src/adapters/embedded-node.ts';

const node = await startEmbeddedNode({ dataDir: process.argv[2]!, port: 0, funded: [], log: () => {} });
process.stdout.write(`${node.pid}\n`);
process.stdin.resume();
