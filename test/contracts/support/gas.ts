// Measures what a transaction of each kind costs, intrinsic gas and calldata included, on a fresh simulated network.
// Keys, addresses and calldata are the same each time, so the figures are too. Run by itself it prints the table of
// contracts/README.md.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Interface, id, keccak256, Wallet } from 'ethers';
import hre from 'hardhat';

const FOREVER = 2n ** 48n - 1n;
const UNSIGNED = '0x';
const TRANSFER = {
  Transfer: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'moves', type: 'uint24' },
    { name: 'deadline', type: 'uint48' },
  ],
};

export interface Measurement {
  readonly what: string;
  readonly gas: number;
}

interface Contract {
  readonly address: string;
  readonly abi: Interface;
}

type Send = (from: string, to: string | undefined, data: string) => Promise<{ gas: number; created: string }>;
type Read = (on: Contract, name: string, args: readonly unknown[]) => Promise<string>;

async function connect(): Promise<{ accounts: string[]; send: Send; read: Read; close: () => Promise<void> }> {
  const connection = await hre.network.create();
  const call = async (method: string, params: unknown[]): Promise<unknown> =>
    connection.provider.request({ method, params });
  const send: Send = async (from, to, data) => {
    const hash = await call('eth_sendTransaction', [to === undefined ? { from, data } : { from, to, data }]);
    const receipt = (await call('eth_getTransactionReceipt', [hash])) as { gasUsed: string; contractAddress: string };
    return { gas: Number(receipt.gasUsed), created: receipt.contractAddress };
  };
  const read: Read = async (on, name, args) => {
    const data = on.abi.encodeFunctionData(name, args);
    const answer = (await call('eth_call', [{ to: on.address, data }, 'latest'])) as string;
    return String(on.abi.decodeFunctionResult(name, answer)[0]);
  };
  return { accounts: (await call('eth_accounts', [])) as string[], send, read, close: () => connection.close() };
}

interface Artifact {
  readonly abi: ConstructorParameters<typeof Interface>[0];
  readonly bytecode: string;
}

/** The yardstick is compiled with the tests, and where those leave their artifacts depends on the configuration. */
async function testArtifact(name: string): Promise<Artifact> {
  const folder = await hre.solidity.getArtifactsDirectory('tests');
  const path = join(folder, 'test', 'contracts', 'support', `${name}.sol`, `${name}.json`);
  return JSON.parse(await readFile(path, 'utf8')) as Artifact;
}

async function deploy(send: Send, from: string, artifact: Artifact, args: readonly unknown[]): Promise<Contract> {
  const abi = new Interface(artifact.abi);
  const { created } = await send(from, undefined, artifact.bytecode + abi.encodeDeploy(args).slice(2));
  return { address: created, abi };
}

export async function measureGas(): Promise<Measurement[]> {
  const { accounts, send, read, close } = await connect();
  const [registrarKey = '', makerKey = '', bob = '', carol = '', dora = '', relayer = ''] = accounts;
  const alice = new Wallet(id('alice'));
  const registrar = await deploy(send, registrarKey, await hre.artifacts.readArtifact('Registrar'), [registrarKey]);
  const organisations = await deploy(send, registrarKey, await hre.artifacts.readArtifact('Organisations'), [
    registrar.address,
  ]);
  const certificates = await deploy(send, registrarKey, await hre.artifacts.readArtifact('Certificates'), [
    organisations.address,
  ]);
  const pieces = await deploy(send, registrarKey, await hre.artifacts.readArtifact('Pieces'), [
    organisations.address,
    certificates.address,
    registrar.address,
    `0x${'0'.repeat(40)}`,
    '',
  ]);
  const plain = await deploy(send, registrarKey, await testArtifact('PlainERC721'), []);
  const table: Measurement[] = [];
  const act = async (what: string, from: string, on: Contract, name: string, args: readonly unknown[]) => {
    const { gas } = await send(from, on.address, on.abi.encodeFunctionData(name, args));
    if (what !== '') table.push({ what, gas });
  };

  await act('admit an organisation', registrarKey, organisations, 'admit', ['atelier-lune', 1, makerKey]);
  const workshop = await read(organisations, 'organisationByHandle', ['atelier-lune']);
  const direct = { key: makerKey, deadline: 0, signature: UNSIGNED };
  const rootOnly = (count: number) => [workshop, id(`root ${count}`), count, 0, `0x${'0'.repeat(64)}`, 0];
  const register = async (what: string, header: readonly unknown[]) =>
    act(what, makerKey, pieces, 'register', [header, direct]);
  await register('register the first batch of an organisation, 1 piece, root only', rootOnly(1));
  await register('register a later batch, 2 pieces, root only', rootOnly(2));
  await register('register a later batch, 100,000 pieces, root only', rootOnly(100_000));
  const part = `0x${keccak256('0x00').slice(2).repeat(2_000)}`;
  const published = [workshop, id('published'), 100_000, 1, keccak256(keccak256(part)), 1];
  await register('register a later batch, 100,000 pieces, published', published);
  await act('post one part of 64,000 bytes', relayer, pieces, 'postPart', [published, [keccak256(part)], 0, part]);

  const batch = BigInt(await read(pieces, 'batchIdOf', [rootOnly(100_000)]));
  const token = (index: number) => (batch << 32n) + BigInt(index);
  const transfer = async (what: string, from: string, owner: string, to: string, index: number, on = pieces) =>
    act(what, from, on, 'transferFrom', [owner, to, token(index)]);
  await transfer('first transfer of a piece, by a key, to a new owner', makerKey, workshop, bob, 0);
  await transfer('first transfer of a piece, by a key, to one who has others', makerKey, workshop, bob, 1);
  await transfer('later transfer, by the owner, to a new owner', bob, bob, carol, 0);
  await transfer('', makerKey, workshop, bob, 2);
  await transfer('later transfer, by the owner, to one who has others', bob, bob, carol, 1);

  for (const index of [0, 1, 2]) await act('', relayer, plain, 'mint', [bob, token(index)]);
  await transfer("OpenZeppelin's ERC721: transfer to a new owner", bob, bob, carol, 0, plain);
  await transfer("OpenZeppelin's ERC721: transfer to one who has others", bob, bob, carol, 1, plain);

  for (const index of [3, 4]) await transfer('', makerKey, workshop, alice.address, index);
  const order = { tokenId: token(3), from: alice.address, to: dora, moves: 1, deadline: FOREVER };
  const domain = { name: 'Touchstone Pieces', version: '1', chainId: 31_337, verifyingContract: pieces.address };
  const signature = await alice.signTypedData(domain, TRANSFER, order);
  const consent = { key: alice.address, deadline: FOREVER, signature };
  const relayed = [token(3), dora, 1, consent];
  await act('transfer signed by the owner, relayed, to a new owner', relayer, pieces, 'transferWithSignature', relayed);

  const [, , , , , , labKey = ''] = accounts;
  await act('', registrarKey, organisations, 'admit', ['gem-lab', 4, labKey]);
  const lab = await read(organisations, 'organisationByHandle', ['gem-lab']);
  const about = (index: number) => [
    lab,
    1,
    `0x${token(index).toString(16).padStart(64, '0')}`,
    id(`content ${index}`),
    2_000_000_000,
    0,
  ];
  const labDirect = { key: labKey, deadline: 0, signature: UNSIGNED };
  await act('issue a certificate about a piece, by a key', labKey, certificates, 'issue', [about(0)]);
  await act('revoke it', labKey, certificates, 'revoke', [about(0), 1, '', labDirect]);
  await act('issue 100,000 certificates under one root', labKey, certificates, 'issueBatch', [
    lab,
    id('certificates'),
    100_000,
    labDirect,
  ]);
  const several = await read(certificates, 'certificateBatchIdOf', [lab, id('certificates'), 100_000]);
  await act('revoke one of them', labKey, certificates, 'revokeInBatch', [several, 7, 1, '', labDirect]);
  await act('revoke another one nearby', labKey, certificates, 'revokeInBatch', [several, 8, 1, '', labDirect]);
  await close();
  return table;
}

export function gasTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ what, gas }) => `| ${what} | ${gas.toLocaleString('en')} |`);
  return ['| transaction | gas |', '|---|---:|', ...rows].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await hre.tasks.getTask('build').run({ quiet: true });
  console.log(gasTable(await measureGas()));
}
