import {
  arrayTypeNode,
  booleanTypeNode,
  definedTypeNode,
  enumEmptyVariantTypeNode,
  enumTypeNode,
  eventNode,
  fieldDiscriminatorNode,
  fixedSizeTypeNode,
  numberValueNode,
  programNode,
  remainderCountNode,
  stringTypeNode,
  structTypeNode,
} from '@codama/nodes'
import type { EventNode, InstructionNode } from '@codama/nodes'
import { errorsOf } from './errors.ts'
import * as n from './nodes.ts'

const { account, at, given, of, type } = n
const id = stringTypeNode('utf8')
const EVENT = 9
const PACKET_EVENTS = ['sendPacket', 'writeAcknowledgement', 'acknowledgePacket', 'timeoutPacket']
const REOPEN_EVENT = 'reopenPacket'

/** A packet as programs read and tell it, and its one payload. Source: crates/packets/src/packet.rs. */
export const packetTypes = [
  definedTypeNode({
    name: 'payload',
    docs: 'What one application says to another.',
    type: n.struct({
      sourcePort: n.text,
      destinationPort: n.text,
      version: n.text,
      encoding: n.text,
      value: n.longBytes,
    }),
  }),
  definedTypeNode({
    name: 'packet',
    docs: 'A packet with one payload; the timeout in seconds.',
    type: n.struct({
      sequence: n.u64,
      sourceClient: n.text,
      destinationClient: n.text,
      timeoutSeconds: n.u64,
      payload: type('payload'),
    }),
  }),
]

/** What stands at a packet's place in the tree of receipts, and the siblings that its path gives. */
export const receiptPath = {
  leaf: n.hash,
  present: n.u32,
  siblings: arrayTypeNode(n.hash, remainderCountNode()),
}

const payer = account('payer', 'ws', 'payer')
const system = account('systemProgram', '', 'system program', n.systemProgram)
const client = account('client', '', 'client', at('client', { id: given('clientId') }))
const roots = account('roots', 'w', 'roots', at('roots', { id: given('clientId') }))
const lightState = account('lightState', '', "the light client's state")
const consensus = account('consensus', '', 'a consensus state')
const port = account('port', '', 'port', at('port', { name: given('portName') }))
const core = account('core', '', 'the core itself')
const authority = account('authority', 's', "the application's own")
const application = [
  account('application', '', "the application's program"),
  account('caller', '', "the core's account for it", at('caller', { application: of('application') })),
]
const seeds = { clientId: id, portName: id }
const others = { docs: 'those that the application takes' }
const packetPlace = at('packet', { id: given('clientId'), sequence: given('sequence') })
const ending = {
  accounts: [
    client,
    lightState,
    consensus,
    account('pending', 'w', "the packet's account", packetPlace),
    account('rentPayer', 'w', 'who paid for it'),
    port,
    core,
    ...application,
  ],
  seeds: { ...seeds, sequence: n.u64 },
  remaining: others,
  isBuffered: true,
}

const ofClients: InstructionNode[] = [
  ...n.instruction({
    kind: 0,
    name: 'addClient',
    docs: 'Adds `client-N`: for ever, with this light client and counterparty; clientId is its name.',
    accounts: [payer, { ...client, isWritable: true }, roots, lightState, system],
    message: { number: n.u32, counterparty: n.text },
    seeds: { clientId: id },
  }),
  ...n.instruction({
    kind: 1,
    name: 'registerPort',
    docs: 'Gives a port to a program, for ever; who comes first has it.',
    accounts: [
      payer,
      account('port', 'w', 'port', at('port', { name: given('portName') })),
      account('authority', 's', "the program's own account for this core"),
      system,
    ],
    message: { portName: n.text, application: n.address },
  }),
  ...n.instruction({
    kind: 2,
    name: 'touch',
    docs: "Makes a client's root account change, so that the slot proves it.",
    accounts: [roots],
    seeds: { clientId: id },
  }),
]

const ofPackets: InstructionNode[] = [
  ...n.instruction({
    kind: 3,
    name: 'send',
    docs: 'Commits to a packet; only for the program on its source port. Returns the sequence u64.',
    accounts: [
      authority,
      account('payer', 'ws', "payer of the packet's account"),
      client,
      roots,
      port,
      lightState,
      system,
      core,
    ],
    message: { timeoutSeconds: n.u64, payload: type('payload') },
    seeds,
    remaining: { docs: 'accounts of the next packets', name: 'packets', isWritable: true },
  }),
  ...n.instruction({
    kind: 4,
    name: 'receive',
    docs: 'Accepts one packet of the hub. Behind `present`: 32 bytes for each bit set in it, u16, the proof.',
    accounts: [client, roots, lightState, consensus, port, core, ...application],
    message: {
      packet: type('packet'),
      leaf: n.hash,
      present: n.u32,
      siblingsAndProof: n.rest,
    },
    seeds,
    remaining: others,
    isBuffered: true,
  }),
  ...n.instruction({
    kind: 5,
    name: 'acknowledge',
    docs: 'Ends a packet that the hub answered.',
    ...ending,
    message: { packet: type('packet'), acknowledgement: n.longBytes, proof: n.longBytes },
  }),
  ...n.instruction({
    kind: 6,
    name: 'timeout',
    docs: "Ends a packet that the hub can't receive any more.",
    ...ending,
    message: { packet: type('packet'), proof: n.longBytes },
  }),
  ...n.instruction({
    kind: 7,
    name: 'retire',
    docs: 'Declares a client dead whose light client stopped 14 days ago.',
    accounts: [{ ...client, isWritable: true }, lightState],
    seeds: { clientId: id },
  }),
  ...n.instruction({
    kind: 8,
    name: 'reopen',
    docs: 'Lets a packet of a retired client be received again; only for the application on its port.',
    accounts: [authority, client, roots, port, core],
    message: { portName: n.text, sequence: n.u64, ...receiptPath },
    seeds: { clientId: id },
  }),
  ...n.instruction({
    kind: EVENT,
    name: 'tell',
    docs: 'An event: the core calls itself with it, and nobody else can.',
    accounts: [account('client', 's', 'client')],
    message: { event: type('packetEvent'), content: n.rest },
  }),
]

const text65 = fixedSizeTypeNode(n.text, 65)
const accounts = [
  n.stored({
    name: 'coreClient',
    docs: 'What a core keeps of a client.',
    kind: 'cwyclien',
    head: { bump: n.u8, rootsBump: n.u8, isRetired: booleanTypeNode() },
    body: { lightProgram: n.address, lightState: n.address, id: text65, counterparty: text65 },
    size: 210,
    pda: 'client',
  }),
  n.stored({
    name: 'roots',
    docs: "A client's two trees: what the hub's light client proves.",
    kind: 'cwyroots',
    body: {
      touches: n.u64,
      sent: n.u64,
      commitmentsRoot: n.hash,
      receiptsRoot: n.hash,
      frontier: n.bytes(1_024),
    },
    size: 1_120,
    pda: 'roots',
  }),
  n.stored({
    name: 'pending',
    docs: 'A packet that was sent and did not end yet; `payer` has the rent back.',
    kind: 'cwypackt',
    body: { commitment: n.hash, payer: n.address },
    size: 80,
    pda: 'packet',
  }),
  n.stored({
    name: 'port',
    docs: 'Which program is on a port.',
    kind: 'cwyports',
    head: { bump: n.u8, authorityBump: n.u8 },
    body: { program: n.address },
    size: 48,
    pda: 'port',
  }),
]

/** IBC v2 core. */
export const coreProgram = programNode({
  name: 'causewayCore',
  docs: 'IBC v2 core: clients of the hub, their two trees of commitments, packets that go and come.',
  publicKey: n.NO_ADDRESS,
  version: '0.1.0',
  pdas: [
    n.pda('client', 'A client: which light client, which counterparty.', 'client', { id }),
    n.pda('roots', "A client's root account.", 'roots', { id }),
    n.pda('packet', 'A packet that was sent and did not end yet.', 'packet', { id, sequence: n.u64be }),
    n.pda('port', 'Which program is on a port.', 'port', { name: id }),
    n.pda('caller', "Signs the core's calls of an application.", 'caller', { application: n.address }),
  ],
  accounts,
  instructions: [...ofClients, ...ofPackets],
  definedTypes: [
    ...packetTypes,
    definedTypeNode({
      name: 'packetEvent',
      docs: 'What happened to a packet.',
      type: enumTypeNode([...PACKET_EVENTS, REOPEN_EVENT].map((name) => enumEmptyVariantTypeNode(name))),
    }),
  ],
  events: [
    ...PACKET_EVENTS.map((name, index) => {
      const docs =
        'Data of a call of the core by itself; the answer is that of a packet received or acknowledged.'
      return event(name, index, docs, { packet: type('packet'), acknowledgement: n.rest })
    }),
    event(
      REOPEN_EVENT,
      PACKET_EVENTS.length,
      'Data of a call of the core by itself: in the tree of receipts a packet counts as refused from now on.',
      { clientId: n.text, sequence: n.u64 },
    ),
  ],
  errors: errorsOf('accounts', 'packets', 'core', 'proof'),
})

/** An event as the data of the core's call of itself. */
function event(name: string, index: number, docs: string, content: n.Fields): EventNode {
  return eventNode({
    name,
    docs,
    data: structTypeNode([
      n.constant('discriminator', n.u8, numberValueNode(EVENT)),
      n.constant('event', n.u8, numberValueNode(index)),
      ...n.fields(content),
    ]),
    discriminators: [fieldDiscriminatorNode('discriminator', 0), fieldDiscriminatorNode('event', 1)],
  })
}
