import {
  arrayTypeNode,
  definedTypeNode,
  fixedCountNode,
  prefixedCountNode,
  programNode,
  stringTypeNode,
} from '@codama/nodes'
import { errorsOf } from './errors.ts'
import * as n from './nodes.ts'

const { account, at, given, of, type } = n
const MARKS = 64

/** What is signed of a height; numbers as they are signed, big-endian. */
const attestation = { height: n.u64be, timeSeconds: n.u64be, appHash: n.hash, nextSetHash: n.hash }
const payer = account('payer', 'ws', 'payer')
const system = account('systemProgram', '', 'system program', n.systemProgram)
const client = account('client', 'w', 'client')
const state = (flags: '' | 'w', docs: string, height: string) =>
  account('state', flags, docs, at('state', { client: of('client'), height: given(height) }))
const set = (name: string, flags: '' | 'w', docs: string, hash: string) =>
  account(name, flags, docs, at('set', { client: of('client'), setHash: given(hash) }))

const definedTypes = [
  definedTypeNode({
    name: 'attestation',
    docs: "What the hub's validators sign for each height, beside the chain id.",
    type: n.struct(attestation),
  }),
  definedTypeNode({
    name: 'attestorSet',
    docs: "The preimage of a set's hash.",
    type: n.struct({ leafRoot: n.hash, count: n.u32be, totalPower: n.u64be, aggregateKey: n.bytes(192) }),
  }),
  definedTypeNode({
    name: 'absentee',
    docs: 'Who did not sign; siblings from its leaf upwards to where they meet the path of the one before.',
    type: n.struct({
      index: n.u32be,
      key: n.bytes(192),
      power: n.u64be,
      siblings: arrayTypeNode(n.hash, prefixedCountNode(n.u8)),
    }),
  }),
  definedTypeNode({
    name: 'header',
    docs: 'An attestation with what proves it; the hints are what hashing to the curve needs.',
    type: n.struct({
      attestation: type('attestation'),
      set: type('attestorSet'),
      signature: n.bytes(96),
      hints: n.bytes(290),
      absentees: arrayTypeNode(type('absentee'), prefixedCountNode(n.u16be)),
    }),
  }),
  definedTypeNode({
    name: 'mark',
    docs: 'The first height that was reached in a day of attested times.',
    type: n.struct({ mark: n.u64, height: n.u64 }),
  }),
]

const instructions = [
  ...n.instruction({
    kind: 0,
    name: 'initialise',
    docs: 'Makes a client; its address says what it begins with: the seed id is the hash of the message.',
    accounts: [
      payer,
      account('client', 'w', 'client', at('client', { id: given('id') })),
      state('w', 'state', 'height'),
      set('set', 'w', 'set', 'setHash'),
      system,
    ],
    message: { ...attestation, setHash: n.hash, chainId: stringTypeNode('utf8') },
    seeds: { id: n.hash },
  }),
  ...n.instruction({
    kind: 1,
    name: 'update',
    docs: 'Shows a client a header. Returns a byte: 0 updated, 1 frozen, 2 unchanged, 3 learned.',
    accounts: [
      payer,
      client,
      state('w', 'state', 'height'),
      set('signersSet', 'w', "signers' set", 'setHash'),
      set('namedSet', 'w', 'named set', 'nextSetHash'),
      system,
    ],
    message: { header: type('header') },
    seeds: { height: n.u64, setHash: n.hash, nextSetHash: n.hash },
    isBuffered: true,
  }),
  ...n.instruction({
    kind: 2,
    name: 'misbehaviour',
    docs: 'Shows a client two headers that contradict each other.',
    accounts: [
      client,
      set('firstSet', '', "signers' set of the first header", 'firstSetHash'),
      set('secondSet', '', "signers' set of the second header", 'secondSetHash'),
    ],
    message: { first: type('header'), second: type('header') },
    seeds: { firstSetHash: n.hash, secondSetHash: n.hash },
    isBuffered: true,
  }),
  ...n.instruction({
    kind: 3,
    name: 'takeBack',
    docs: "Gives up the state at a frozen client's exit height for the one before.",
    accounts: [client, state('', 'state at its exit height', 'height')],
    seeds: { height: n.u64 },
  }),
  ...n.instruction({
    kind: 4,
    name: 'closeState',
    docs: 'Gives the lamports of an old state back to who paid for it.',
    accounts: [
      account('client', '', 'client'),
      state('w', 'state', 'height'),
      account('payer', 'w', 'who paid for it'),
    ],
    seeds: { height: n.u64 },
  }),
]

const accounts = [
  n.stored({
    name: 'hubClient',
    docs: 'How far a client of the hub is. Not frozen: frozenAtSeconds is 0, contradictedHeight 2^64 − 1.',
    kind: 'cwyhubcl',
    body: {
      latestHeight: n.u64,
      latestTimeSeconds: n.u64,
      trustingPeriodSeconds: n.u64,
      frozenAtSeconds: n.u64,
      exitHeight: n.u64,
      trustedHeight: n.u64,
      trustedTimeSeconds: n.u64,
      setStart: n.u64,
      previousSetStart: n.u64,
      contradictedHeight: n.u64,
      chainIdHash: n.hash,
      setHash: n.hash,
      previousSetHash: n.hash,
      id: n.hash,
      marks: arrayTypeNode(type('mark'), fixedCountNode(MARKS)),
    },
    size: 1_248,
    pda: 'client',
  }),
  n.stored({
    name: 'hubState',
    docs: 'An accepted state of the hub; previousHeight is 0 unless it was accepted above the latest.',
    kind: 'cwyhubcs',
    body: {
      client: n.address,
      height: n.u64,
      timeSeconds: n.u64,
      appHash: n.hash,
      nextSetHash: n.hash,
      previousHeight: n.u64,
      payer: n.address,
    },
    size: 168,
    pda: 'state',
  }),
  n.stored({
    name: 'knownSet',
    docs: 'What a client knows of a set.',
    kind: 'cwyhubks',
    body: { client: n.address, setHash: n.hash, startHeight: n.u64, endSeconds: n.u64 },
    size: 96,
    pda: 'set',
  }),
]

/** The hub's light client. */
export const hubClientProgram = programNode({
  name: 'causewayHubClient',
  docs: "The hub's light client: attestations, rotation, contradiction, exit height.",
  publicKey: n.NO_ADDRESS,
  version: '0.1.0',
  pdas: [
    n.pda('client', 'A client that begins with the message of which this is the hash.', 'client', {
      id: n.hash,
    }),
    n.pda('state', 'The state at a height.', 'state', { client: n.address, height: n.u64be }),
    n.pda('set', 'What a client knows of a set.', 'set', { client: n.address, setHash: n.hash }),
  ],
  accounts,
  instructions,
  definedTypes,
  errors: errorsOf('accounts', 'hub-client'),
})
