// Owns whose word about a caller's address is taken. Anybody can write X-Forwarded-For; only a proxy of the operator's
// own saw who really called.
import { BlockList, isIP } from 'node:net';

export type Trusts = (address: string) => boolean;

const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * @param text `none`, or addresses and networks with commas between them; `loopback` stands for this machine
 * @returns undefined if it is not understood
 */
export function trustedProxies(text: string): Trusts | undefined {
  const list = new BlockList();
  const names =
    text === 'none' ? [] : text.split(',').flatMap((name) => (name.trim() === 'loopback' ? LOOPBACK : name));
  for (const name of names) if (!addTo(list, name.trim())) return undefined;
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

function addTo(list: BlockList, name: string): boolean {
  const [, address = '', bits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(name) ?? [];
  const family = isIP(address);
  const whole = family === 4 ? 32 : 128;
  if (family === 0 || Number(bits ?? whole) > whole) return false;
  list.addSubnet(address, Number(bits ?? whole), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}
