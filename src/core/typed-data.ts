// Owns the EIP-712 messages people and organisations sign (docs/format.md, "Signatures"). Signing and recovering are
// adapters' business.
import type { BatchHeader } from './batch.ts';

const FIELD = (list: string) =>
  list.split(',').map((pair) => {
    const [type, name] = pair.trim().split(' ') as [string, string];
    return { name, type };
  });

export const REGISTER_TYPES = {
  Register: FIELD(
    'address organisation, bytes32 root, uint32 count, uint8 mode, bytes32 payloadHash, uint32 parts, uint48 deadline',
  ),
};
export const TRANSFER_TYPES = {
  Transfer: FIELD('uint256 tokenId, address from, address to, uint24 moves, uint48 deadline'),
};
export const SET_KEY_TYPES = {
  SetKey: FIELD('address organisation, address key, uint16 permissions, uint48 until, uint32 nonce, uint48 deadline'),
};

export function piecesDomain(chainId: number, pieces: string) {
  return { name: 'Touchstone Pieces', version: '1', chainId, verifyingContract: pieces };
}

export function organisationsDomain(chainId: number, organisations: string) {
  return { name: 'Touchstone Organisations', version: '1', chainId, verifyingContract: organisations };
}

export function registerMessage(chainId: number, pieces: string, header: BatchHeader, deadline: number) {
  return {
    domain: piecesDomain(chainId, pieces),
    types: REGISTER_TYPES,
    primaryType: 'Register',
    message: { ...header, deadline },
  };
}

export function transferMessage(
  chainId: number,
  pieces: string,
  transfer: { tokenId: string; from: string; to: string; moves: number },
  deadline: number,
) {
  return {
    domain: piecesDomain(chainId, pieces),
    types: TRANSFER_TYPES,
    primaryType: 'Transfer',
    message: { ...transfer, deadline },
  };
}
