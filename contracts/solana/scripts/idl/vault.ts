import {
  constantPdaSeedNodeFromString,
  pdaNode,
  programNode,
  stringTypeNode,
  variablePdaSeedNode,
} from '@codama/nodes'
import type { InstructionAccountNode } from '@codama/nodes'
import { packetTypes, receiptPath } from './core.ts'
import { errorsOf } from './errors.ts'
import * as n from './nodes.ts'

const { account, at, given, of, type } = n
const id = stringTypeNode('utf8')
const ASSOCIATED_PROGRAM = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL'

const hubAccount = n.bytes(20)

const payer = account('payer', 'ws', 'payer')
const system = account('systemProgram', '', 'system program', n.systemProgram)
const lightState = account('lightState', '', "the light client's state")
const consensus = account('consensus', '', 'its consensus state at the exit height')
const client = account('client', '', 'client', at('coreClient', { id: given('clientId') }, given('core')))
/** As above, for instructions that name the core among their accounts. */
const clientOfCore = account('client', '', 'client', at('coreClient', { id: given('clientId') }, of('core')))
const roots = account('roots', 'w', 'roots', at('coreRoots', { id: given('clientId') }, of('core')))
const port = account('port', '', 'port', at('corePort', {}, of('core')))
const core = account('core', '', 'core')
const authority = account(
  'authority',
  '',
  "the vault's account for the core",
  at('application', { core: of('core') }),
)
const mint = account('mint', '', 'mint')
const tokenProgram = account('tokenProgram', '', 'token program')
const line = account('line', 'w', 'line', at('line', { client: of('client'), mint: of('mint') }))
const escrow = account('escrow', 'w', 'escrow', at('escrow', { line: of('line') }))
const claimPlace = at('claim', { line: of('line'), sequence: given('sequence') })
const claim = account('claim', 'w', 'claim', claimPlace)
const rentPayer = account('rentPayer', 'w', 'who paid for it')

/** Line, escrow, mint, token program, and where tokens go: the associated account of a wallet. */
const tokens = (docs: string, owner: string): InstructionAccountNode[] => {
  const seeds = { owner: given(owner), tokenProgram: of('tokenProgram'), mint: of('mint') }
  return [line, escrow, mint, tokenProgram, account('wallet', 'w', docs, at('associated', seeds))]
}

const clientSeeds = { clientId: id, core: n.address }

const ofEverybody = [
  ...n.instruction({
    kind: 0,
    name: 'initialise',
    docs: "Takes a core's port `transfer`: once, by anyone.",
    accounts: [payer, { ...port, isWritable: true }, authority, system, core],
  }),
  ...n.instruction({
    kind: 1,
    name: 'openLine',
    docs: 'Opens a line of a client and mint.',
    accounts: [payer, client, line, escrow, mint, tokenProgram, system],
    seeds: clientSeeds,
  }),
  ...n.instruction({
    kind: 2,
    name: 'deposit',
    docs: "Deposits the depositor's tokens; `receiver` is credited on the hub. Returns the sequence u64.",
    accounts: [
      account('depositor', 's', 'depositor'),
      line,
      escrow,
      mint,
      tokenProgram,
      account('source', 'w', "the depositor's account"),
      core,
      authority,
      payer,
      clientOfCore,
      roots,
      port,
      lightState,
      system,
    ],
    message: { amount: n.u64, timeoutSeconds: n.u64, receiver: n.text, memo: n.longBytes },
    seeds: { clientId: id },
    remaining: { docs: 'accounts of the next packets', name: 'packets', isWritable: true },
  }),
  ...n.instruction({
    kind: 3,
    name: 'payClaim',
    docs: 'Pays a claim to its recipient; anyone may.',
    accounts: [
      claim,
      rentPayer,
      ...tokens("the recipient's associated account", 'recipient'),
      client,
      lightState,
    ],
    seeds: { ...clientSeeds, sequence: n.u64, recipient: n.address },
  }),
  ...n.instruction({
    kind: 4,
    name: 'voidClaim',
    docs: "Takes back a claim that was proven above a retired client's exit height; anyone may.",
    accounts: [
      claim,
      rentPayer,
      account('line', 'w', 'line', at('line', { client: of('client'), mint: given('mint') })),
      clientOfCore,
      lightState,
      core,
      authority,
      roots,
      port,
    ],
    message: receiptPath,
    seeds: { clientId: id, sequence: n.u64, mint: n.address },
  }),
]

const ofExits = [
  ...n.instruction({
    kind: 5,
    name: 'openExit',
    docs: 'Opens a line of a retired client for exits, by proof of all that the dead hub owes there.',
    accounts: [
      account('line', 'w', 'line', at('line', { client: of('client'), mint: given('mint') })),
      client,
      lightState,
      consensus,
    ],
    message: { total: n.u64, proof: n.longBytes },
    seeds: { ...clientSeeds, mint: n.address },
    isBuffered: true,
  }),
  ...n.instruction({
    kind: 6,
    name: 'exit',
    docs: 'Pays an owner in the books of a dead hub: an account of the hub, whose text the program writes.',
    accounts: [
      ...tokens("the recipient's associated account", 'recipient'),
      client,
      lightState,
      consensus,
      account(
        'paid',
        'w',
        'what was paid to the owner',
        at('paid', { line: of('line'), owner: given('owner') }),
      ),
      account('payer', 'ws', 'payer of that account'),
      system,
    ],
    message: { owner: hubAccount, recipient: n.address, amount: n.u64, proof: n.longBytes },
    seeds: clientSeeds,
    isBuffered: true,
  }),
]

const caller = account('caller', 's', "the core's account for the vault")

/** What a core calls: it adds the first two accounts itself. */
const ofCores = [
  ...n.instruction({
    kind: 0x10,
    name: 'receive',
    docs: 'Pays a withdrawal that the core received; only for the core. Returns the answer.',
    accounts: [
      caller,
      client,
      ...tokens("the recipient's associated account", 'recipient'),
      claim,
      account('payer', 'ws', 'payer of the claim'),
      lightState,
      system,
    ],
    message: { packet: type('packet') },
    seeds: { ...clientSeeds, recipient: n.address, sequence: n.u64 },
  }),
  ...n.instruction({
    kind: 0x11,
    name: 'acknowledged',
    docs: 'Learns how a deposit was answered; only for the core.',
    accounts: [caller, client],
    message: { packet: type('packet'), acknowledgement: n.rest },
    seeds: clientSeeds,
    remaining: { docs: 'for a refund what timedOut takes behind the client' },
  }),
  ...n.instruction({
    kind: 0x12,
    name: 'timedOut',
    docs: 'Learns that a deposit timed out: it is refunded; only for the core.',
    accounts: [caller, client, ...tokens("the depositor's associated account", 'depositor')],
    message: { packet: type('packet') },
    seeds: { ...clientSeeds, depositor: n.address },
  }),
]

const accounts = [
  n.stored({
    name: 'line',
    docs: 'What the vault holds of a mint for the hub at the other end of a client, in base units.',
    kind: 'cwylines',
    head: { bump: n.u8, escrowBump: n.u8 },
    body: {
      client: n.address,
      mint: n.address,
      tokenProgram: n.address,
      escrowed: n.u64,
      claimed: n.u64,
      usedUntil: n.u128,
      exitTotal: n.u64,
      exitPooled: n.u64,
      exitPaid: n.u64,
      exitFromSeconds: n.u64,
      kept: n.u64,
      keptUntilSeconds: n.u64,
    },
    size: 200,
    free: 8,
    pda: 'line',
  }),
  n.stored({
    name: 'claim',
    docs: 'A withdrawal that waits for its window.',
    kind: 'cwyclaim',
    body: {
      line: n.address,
      recipient: n.address,
      amount: n.u64,
      payableFromSeconds: n.u64,
      seenHeight: n.u64,
      sequence: n.u64,
      payer: n.address,
    },
    size: 144,
    pda: 'claim',
  }),
  n.stored({
    name: 'paid',
    docs: 'What an owner was paid of a line.',
    kind: 'cwypaids',
    body: { paid: n.u64 },
    size: 24,
    pda: 'paid',
  }),
]

const associated = pdaNode({
  name: 'associated',
  docs: "A wallet's account of a token: where the vault pays to.",
  programId: ASSOCIATED_PROGRAM,
  seeds: ['owner', 'tokenProgram', 'mint'].map((name) => variablePdaSeedNode(name, n.address)),
})

/** Collateral vault. */
export const vaultProgram = programNode({
  name: 'causewayVault',
  docs: 'Collateral vault: ICS-20 in ABI encoding on port `transfer`, for SPL Token and Token-2022.',
  publicKey: n.NO_ADDRESS,
  version: '0.1.0',
  pdas: [
    n.pda('line', 'What the vault holds of a mint, by the account of a client.', 'line', {
      client: n.address,
      mint: n.address,
    }),
    n.pda('escrow', "The account of a line's tokens.", 'escrow', { line: n.address }),
    n.pda('claim', 'A withdrawal that waits.', 'claim', { line: n.address, sequence: n.u64be }),
    n.pda('paid', "What an owner in a dead hub's books was paid of a line.", 'paid', {
      line: n.address,
      owner: hubAccount,
    }),
    n.pda('application', "Signs the vault's calls of a core.", 'application', { core: n.address }),
    associated,
    n.pda('coreClient', 'A client of a core.', 'client', { id }),
    n.pda('coreRoots', "A client's root account.", 'roots', { id }),
    pdaNode({
      name: 'corePort',
      docs: "The vault's port of a core.",
      seeds: ['port', 'transfer'].map((word) => constantPdaSeedNodeFromString('utf8', word)),
    }),
  ],
  accounts,
  instructions: [...ofEverybody, ...ofExits, ...ofCores],
  definedTypes: packetTypes,
  errors: errorsOf('accounts', 'packets', 'vault', 'proof'),
})
