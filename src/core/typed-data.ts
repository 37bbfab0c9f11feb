// Owns the EIP-712 messages people and organisations sign (docs/format.md, "Signatures"). Signing and recovering are
// adapters' business.
import type { BatchHeader } from './batch.ts';
import type { CertificateFields } from './certificate.ts';

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
export const ISSUE_TYPES = {
  Issue: FIELD(
    'address organisation, uint8 kind, bytes32 subject, bytes32 contentHash, uint48 validUntil, uint24 pieceEvents, uint48 deadline',
  ),
};
export const ISSUE_BATCH_TYPES = {
  IssueBatch: FIELD('address organisation, bytes32 root, uint32 count, uint48 deadline'),
};
export const REVOKE_TYPES = {
  Revoke: FIELD('bytes32 id, uint32 index, uint8 reason, string words, uint48 deadline'),
};

export function piecesDomain(chainId: number, pieces: string) {
  return { name: 'Touchstone Pieces', version: '1', chainId, verifyingContract: pieces };
}

export function organisationsDomain(chainId: number, organisations: string) {
  return { name: 'Touchstone Organisations', version: '1', chainId, verifyingContract: organisations };
}

export function certificatesDomain(chainId: number, certificates: string) {
  return { name: 'Touchstone Certificates', version: '1', chainId, verifyingContract: certificates };
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

export function issueMessage(chainId: number, certificates: string, fields: CertificateFields, deadline: number) {
  return {
    domain: certificatesDomain(chainId, certificates),
    types: ISSUE_TYPES,
    primaryType: 'Issue',
    message: { ...fields, deadline },
  };
}

export interface CertificateBatch {
  readonly organisation: string;
  readonly root: string;
  readonly count: number;
}

export function issueBatchMessage(chainId: number, certificates: string, batch: CertificateBatch, deadline: number) {
  return {
    domain: certificatesDomain(chainId, certificates),
    types: ISSUE_BATCH_TYPES,
    primaryType: 'IssueBatch',
    message: { ...batch, deadline },
  };
}

/** Which certificate is revoked (its own id and index 0, or its batch's id and its index there), and why. */
export interface Revocation {
  readonly id: string;
  readonly index: number;
  readonly reason: number;
  readonly words: string;
}

export function revokeMessage(chainId: number, certificates: string, revocation: Revocation, deadline: number) {
  return {
    domain: certificatesDomain(chainId, certificates),
    types: REVOKE_TYPES,
    primaryType: 'Revoke',
    message: { ...revocation, deadline },
  };
}
