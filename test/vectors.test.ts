import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { expect } from 'chai';
import { type Contract, Wallet } from 'ethers';
import type { batchVectors, leafVectors, treeVectors, typedDataVectors } from '../scripts/vectors/chain.ts';
import {
  CHAIN_ID,
  DEADLINE,
  HANDLE,
  ORGANISATION,
  ORGANISATIONS,
  PIECES,
  SIGNING_KEY,
} from '../scripts/vectors/chain.ts';
import { VECTORS_FOLDER, vectorFiles } from '../scripts/vectors.ts';
import { type BatchHeader, ROOT_ONLY } from '../src/core/batch.ts';
import { ZERO_32 } from '../src/core/merkle.ts';
import { organisationAddressOf } from '../src/core/organisation-address.ts';
import { registerMessage } from '../src/core/typed-data.ts';
import { deployRegistry, type Registry } from './support/registry.ts';

interface OrganisationVector {
  readonly chainId: number;
  readonly contract: string;
  readonly handle: string;
  readonly address: string;
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(VECTORS_FOLDER, name), 'utf8'));
}

describe('vectors', () => {
  it('are what the code computes now, byte for byte', () => {
    const files = vectorFiles();
    expect(readdirSync(VECTORS_FOLDER).sort()).to.deep.equal([...files.keys()].sort());
    for (const [name, text] of files) {
      expect(readFileSync(join(VECTORS_FOLDER, name), 'utf8') === text, `${name}: run npm run vectors`).to.equal(true);
    }
  });

  it('have payloads that expand to their lines', () => {
    for (const { parts, pieces } of read<ReturnType<typeof batchVectors>>('batches.json')) {
      if (parts.length === 0) continue;
      const payload = Buffer.concat(parts.map((part) => Buffer.from(part.data.slice(2), 'hex')));
      expect(payload[0]).to.equal(1);
      expect(brotliDecompressSync(payload.subarray(1)).toString()).to.equal(pieces.map((piece) => piece.line).join(''));
    }
  });
});

describe('the core agrees with the vectors', () => {
  it('about the address of an organisation, which they have from another ABI encoder', () => {
    for (const { chainId, contract, handle, address } of read<OrganisationVector[]>('organisations.json')) {
      expect(organisationAddressOf(chainId, contract, handle)).to.equal(address);
    }
  });
});

describe('the contracts agree with the vectors', function () {
  this.timeout(30_000);
  let registry: Registry;
  let pieces: Contract;
  before(async () => {
    registry = await deployRegistry();
    pieces = registry.pieces;
  });
  after(() => registry.close());

  it('about where they are: chain and addresses are those the vectors were made for', async () => {
    expect(registry.chainId).to.equal(CHAIN_ID);
    expect((await pieces.getAddress()).toLowerCase()).to.equal(PIECES);
    expect((await registry.organisations.getAddress()).toLowerCase()).to.equal(ORGANISATIONS);
  });

  it('about the address of an organisation', async () => {
    const here = read<OrganisationVector[]>('organisations.json').filter(
      (one) => one.chainId === CHAIN_ID && one.contract === ORGANISATIONS,
    );
    expect(here).to.have.length(3);
    const [{ signer }] = read<[{ signer: string }]>('typed-data.json');
    for (const { handle, address } of here) {
      await registry.send('organisations', 'admit', [handle, 1, signer]);
      expect((await call(registry.organisations, 'organisationByHandle', handle)).toLowerCase()).to.equal(address);
    }
    expect((await call(registry.organisations, 'organisationByHandle', HANDLE)).toLowerCase()).to.equal(ORGANISATION);
  });

  it('about GS1 prefixes as numbers', async () => {
    const { prefixes } = read<{ prefixes: { number: number }[] }>('codes.json');
    for (const { number } of prefixes) {
      await registry.send('organisations', 'grantPrefix', [ORGANISATION, number]);
      expect((await call(registry.organisations, 'prefixHolder', number)).toLowerCase()).to.equal(ORGANISATION);
    }
  });

  it('about batch ids', async () => {
    for (const { header, batchId } of read<ReturnType<typeof batchVectors>>('batches.json')) {
      expect(await call(pieces, 'batchIdOf', header)).to.equal(BigInt(batchId));
    }
  });

  it('about every signature: registering and posting the batches, setting a key, moving a piece', async () => {
    const signed = read<ReturnType<typeof typedDataVectors>>('typed-data.json');
    const authorization = (i: number) => ({
      key: signed[i]?.signer,
      deadline: DEADLINE,
      signature: signed[i]?.signature,
    });
    const [rootOnly, published] = read<ReturnType<typeof batchVectors>>('batches.json');
    await registry.send('pieces', 'register', [rootOnly?.header, authorization(0)]);
    await registry.send('pieces', 'register', [published?.header, authorization(1)]);
    const hashes = published?.parts.map((part) => part.hash);
    for (const [i, part] of (published?.parts ?? []).entries()) {
      await registry.send('pieces', 'postPart', [published?.header, hashes, i, part.data]);
    }
    const transfer = signed[2]?.message as unknown as { tokenId: string; to: string };
    await registry.send('pieces', 'transferWithSignature', [transfer.tokenId, transfer.to, 0, authorization(2)]);
    expect((await call(pieces, 'ownerOf', transfer.tokenId)).toLowerCase()).to.equal(transfer.to);
    const setKey = signed[3]?.message as unknown as { key: string; permissions: number; until: number };
    const key = [ORGANISATION, setKey.key, setKey.permissions, setKey.until, authorization(3)];
    await registry.send('organisations', 'setKey', key);
    expect(await call(registry.organisations, 'isPermitted', ORGANISATION, setKey.key, 3)).to.equal(true);
  });

  it('about the pieces of a batch: records proven, token ids of its pieces, and no other record', async () => {
    const [batch] = read<ReturnType<typeof batchVectors>>('batches.json');
    for (const piece of batch?.pieces ?? []) {
      const { index, recordHash, claimKey, extra, proof } = piece;
      const verify = (hash: string) => call(pieces, 'verifyRecord', batch?.header, index, hash, claimKey, extra, proof);
      expect(await verify(recordHash)).to.equal(true);
      expect(await verify(extra)).to.equal(false);
      expect(await call(pieces, 'ownerOf', piece.tokenId)).to.match(/^0x/);
    }
  });

  it('about leaves and trees of any size', async () => {
    const [leaf] = read<ReturnType<typeof leafVectors>>('leaves.json');
    expect(leaf?.organisation).to.equal(ORGANISATION);
    for (const { count, root, proofs } of read<ReturnType<typeof treeVectors>>('trees.json')) {
      const header = {
        organisation: ORGANISATION,
        root,
        count,
        mode: ROOT_ONLY,
        payloadHash: ZERO_32,
        parts: 0,
      } as const;
      await registry.send('pieces', 'register', [header, await signed(header)]);
      for (const { index, recordHash, claimKey, extra, proof } of proofs) {
        const verify = (i: number) => call(pieces, 'verifyRecord', header, i, recordHash, claimKey, extra, proof);
        expect(await verify(index), `${index} of ${count}`).to.equal(true);
        expect(await verify(index + 1)).to.equal(false);
      }
    }
  });
});

async function signed(header: BatchHeader) {
  const key = new Wallet(SIGNING_KEY);
  const { domain, types, message } = registerMessage(CHAIN_ID, PIECES, header, DEADLINE);
  return { key: key.address, deadline: DEADLINE, signature: await key.signTypedData(domain, types, message) };
}

function call(contract: Contract, method: string, ...values: unknown[]) {
  return contract.getFunction(method).staticCall(...values);
}
