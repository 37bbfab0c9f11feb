import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { expect } from 'chai';
import { type Contract, concat, id, keccak256, SigningKey, Wallet } from 'ethers';
import type { cardVectors } from '../scripts/vectors/cards.ts';
import type { certificateVectors } from '../scripts/vectors/certificates.ts';
import type { batchVectors, leafVectors, treeVectors, typedDataVectors } from '../scripts/vectors/chain.ts';
import {
  CERTIFICATES,
  CHAIN_ID,
  DEADLINE,
  HANDLE,
  ORGANISATION,
  ORGANISATIONS,
  PIECES,
  SIGNING_KEY,
} from '../scripts/vectors/chain.ts';
import type { lotVectors } from '../scripts/vectors/lots.ts';
import type { paperKeyVectors } from '../scripts/vectors/paper-keys.ts';
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
    const written = readdirSync(VECTORS_FOLDER, { recursive: true, encoding: 'utf8' });
    const names = written.filter((name) => name.endsWith('.json')).map((name) => name.replaceAll('\\', '/'));
    expect(names.sort()).to.deep.equal([...files.keys()].sort());
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

describe('another implementation agrees with the vectors', () => {
  const lots = read<ReturnType<typeof lotVectors>>('lots.json');

  it('about lots: statements, materials, origins and parents', () => {
    const hashOf = (value: unknown) => id(JSON.stringify(value));
    for (const { text, header, input } of lots.statements) {
      expect(JSON.parse(text)).to.deep.equal(input);
      expect(header.contentHash).to.equal(id(text));
    }
    expect(lots.statements[0]?.header).to.include({
      material: hashOf({ metal: 'gold', type: 'metal' }),
      fineness: 875_000,
      unit: 1,
      custody: 5,
      origin: hashOf({ country: 'PT', text: 'Mina Dourada, Castro Daire' }),
    });
    expect(lots.statements[4]?.header.material).to.equal(
      hashOf({ nature: 'natural', species: 'diamond', type: 'stone' }),
    );
    expect(lots.origins.map(({ hash }) => hash === ZERO_32)).to.deep.equal([true, true, false, false]);
    const [, both, turned] = lots.parents.map(({ parents }) => parents);
    expect([both, turned]).to.deep.equal(Array(2).fill(keccak256(concat([...(lots.parents[1]?.lotIds ?? [])].sort()))));
    for (const { tokenId, parents } of lots.returns) {
      const word = `0x${BigInt(tokenId).toString(16).padStart(64, '0')}`;
      expect(parents).to.equal(keccak256(concat([id('touchstone.return.v1'), word])));
    }
  });

  const cards = read<ReturnType<typeof cardVectors>>('cards.json');
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  /** Product in the field of 32 elements, bit by bit. */
  const times = (a: number, b: number): number => {
    let product = 0;
    for (let bit = 4; bit >= 0; bit--) {
      product <<= 1;
      if (product & 32) product ^= 0b100101;
      if ((b >> bit) & 1) product ^= a;
    }
    return product;
  };
  const valuesAt = (text: string) =>
    [2, 4, 8].map((x) => [...text].reduce((sum, character) => times(sum, x) ^ alphabet.indexOf(character), 0));

  it('about secrets of cards: their bits, their check characters, their keys and what those sign', () => {
    expect(cards.secrets).to.have.length(6);
    for (const { random = '', secret, printed, privateKey, claimKey, signature } of cards.secrets) {
      const bits = BigInt(`0x${random}`) << 2n;
      const body = Array.from({ length: 26 }, (_, i) => alphabet[Number((bits >> BigInt(5 * (25 - i))) & 31n)]);
      expect(secret.slice(0, 27)).to.equal(`C${body.join('')}`);
      expect(valuesAt(secret)).to.deep.equal([0, 0, 0]);
      expect(printed.split('-').map((group) => group.length)).to.deep.equal(Array(6).fill(5));
      expect(printed.replaceAll('-', '')).to.equal(secret);
      expect(keccak256(concat([id('touchstone.card.v1'), `0x${random}`, '0x00']))).to.equal(privateKey);
      expect(new Wallet(privateKey).address.toLowerCase()).to.equal(claimKey);
      expect(new SigningKey(privateKey).sign(cards.digest).serialized).to.equal(signature);
    }
  });

  it('about paper keys: their text, their key, which is no card’s, and what they sign', () => {
    const { digest, keys, typed, notKeys } = read<ReturnType<typeof paperKeyVectors>>('paper-keys.json');
    expect([keys.length, typed.length, notKeys.length]).to.deep.equal([4, 3, 4]);
    for (const { random = '', key, printed, account, signature } of keys) {
      const bits = BigInt(`0x${random}`) << 2n;
      const body = Array.from({ length: 26 }, (_, i) => alphabet[Number((bits >> BigInt(5 * (25 - i))) & 31n)]);
      expect(key.slice(0, 27)).to.equal(`P${body.join('')}`);
      expect(valuesAt(key)).to.deep.equal([0, 0, 0]);
      expect(printed.replaceAll('-', '')).to.equal(key);
      const privateKey = keccak256(concat([id('touchstone.paper.v1'), `0x${random}`, '0x00']));
      expect(new Wallet(privateKey).address.toLowerCase()).to.equal(account);
      expect(new SigningKey(privateKey).sign(digest).serialized).to.equal(signature);
      expect(cards.secrets.map(({ claimKey }) => claimKey)).not.to.include(account);
    }
  });

  it('about what is no secret: check characters, spare bits, length, alphabet', () => {
    expect(cards.notSecrets).to.have.length(12);
    for (const text of cards.notSecrets) {
      const wellFormed = /^C[0-9A-HJKMNP-TV-Z]{29}$/.test(text) && valuesAt(text).every((value) => value === 0);
      expect(wellFormed && (alphabet.indexOf(text[26] as string) & 3) === 0, text).to.equal(false);
    }
    for (const { typed, secret } of cards.typed) {
      const tidy = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
      expect(tidy).to.equal(secret);
    }
  });

  it('about addresses of cards, as URLs are parsed', () => {
    expect([cards.addresses.length, cards.notAddresses.length]).to.deep.equal([6, 5]);
    for (const { publicUrl, path, secret, url } of cards.addresses) {
      const { href, hash, search } = new URL(url);
      expect([href, hash, search]).to.deep.equal([`${publicUrl}/claim${path}#${secret}`, `#${secret}`, '']);
    }
  });
});

describe('the contracts agree with the vectors', function () {
  this.timeout(240_000);
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
    expect((await registry.certificates.getAddress()).toLowerCase()).to.equal(CERTIFICATES);
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

  it('about lots: ids, and what a leaf says of the masses of its record', async () => {
    const { statements, masses, invalid } = read<ReturnType<typeof lotVectors>>('lots.json');
    expect([statements.length, masses.length, invalid.length]).to.deep.equal([7, 6, 12]);
    for (const { header, lotId } of statements) {
      expect(await call(registry.lots, 'lotIdOf', header)).to.equal(lotId);
    }
    for (const { masses: list, extra } of masses) {
      expect(extra).to.equal(list.length === 0 ? ZERO_32 : await call(registry.lots, 'extraOf', list));
    }
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

  it('about certificates: ids, batches and their leaves, and every signature', async () => {
    const { certificates, batches, typedData } = read<ReturnType<typeof certificateVectors>>('certificates.json');
    const contract = registry.certificates;
    for (const { fields, id } of certificates) expect(await call(contract, 'certificateIdOf', fields)).to.equal(id);
    const authorization = (i: number) => ({
      key: typedData[i]?.signer,
      deadline: DEADLINE,
      signature: typedData[i]?.signature,
    });
    await registry.send('organisations', 'setRoles', [ORGANISATION, 5]);
    await registry.send('certificates', 'issueWithSignature', [certificates[0]?.fields, authorization(0)]);
    const together = batches[2] as (typeof batches)[number];
    await registry.send('certificates', 'issueBatch', [ORGANISATION, together.root, together.count, authorization(1)]);
    for (const { organisation, root, count, id } of batches) {
      expect(await call(contract, 'certificateBatchIdOf', organisation, root, count)).to.equal(id);
    }
    for (const [index, proof] of together.proofs.entries()) {
      const verify = (at: number, fields: object) =>
        call(contract, 'verifyCertificate', together.root, together.count, at, fields, proof);
      expect(await verify(index, certificates[index]?.fields as object)).to.equal(true);
      expect(await verify(index + 1, certificates[index]?.fields as object)).to.equal(false);
      expect(await verify(index, certificates[index + 1]?.fields as object)).to.equal(false);
    }
    const [single, one] = typedData.slice(2).map(({ message }) => message) as unknown as RevocationVector[];
    const reason = [single?.reason, single?.words, authorization(2)];
    await registry.send('certificates', 'revoke', [certificates[0]?.fields, ...reason]);
    expect(await call(contract, 'isRevoked', certificates[0]?.id, 0)).to.equal(true);
    const inBatch = [one?.id, one?.index, one?.reason, one?.words, authorization(3)];
    await registry.send('certificates', 'revokeInBatch', inBatch);
    expect(await call(contract, 'isRevoked', together.id, one?.index)).to.equal(true);
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

interface RevocationVector {
  readonly id: string;
  readonly index: number;
  readonly reason: number;
  readonly words: string;
}

async function signed(header: BatchHeader) {
  const key = new Wallet(SIGNING_KEY);
  const { domain, types, message } = registerMessage(CHAIN_ID, PIECES, header, DEADLINE);
  return { key: key.address, deadline: DEADLINE, signature: await key.signTypedData(domain, types, message) };
}

function call(contract: Contract, method: string, ...values: unknown[]) {
  return contract.getFunction(method).staticCall(...values);
}
