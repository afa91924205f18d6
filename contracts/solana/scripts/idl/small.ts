// The two programs that have no more than one account each.
import {
  accountNode,
  arrayTypeNode,
  bytesValueNode,
  definedTypeNode,
  fieldDiscriminatorNode,
  prefixedCountNode,
  programNode,
  structTypeNode,
} from '@codama/nodes'
import { errorsOf } from './errors.ts'
import * as n from './nodes.ts'

const { account, at } = n

const making = [
  account('payer', 'ws', 'payer'),
  account('stakes', 'w', 'the account', at('stakes')),
  account('systemProgram', '', 'system program', n.systemProgram),
]

/** Recorder of epoch stakes. */
export const recorderProgram = programNode({
  name: 'causewayRecorder',
  docs: 'Records who votes in the next epoch, with which stake, as the runtime itself says.',
  publicKey: n.NO_ADDRESS,
  version: '0.1.0',
  pdas: [n.pda('stakes', "The recorder's one account.", 'stakes')],
  accounts: [
    n.stored({
      name: 'stakes',
      docs: 'Who votes in an epoch, by address; behind them is room for more.',
      kind: 'cwystake',
      body: {
        epoch: n.u64,
        totalStake: n.u64,
        voters: arrayTypeNode(n.type('voter'), prefixedCountNode(n.u64)),
      },
      pda: 'stakes',
    }),
  ],
  definedTypes: [
    definedTypeNode({
      name: 'voter',
      docs: 'Who votes with an account, and its stake in lamports; no BLS key: zeros.',
      type: n.struct({
        voteAccount: n.address,
        node: n.address,
        authorizedVoter: n.address,
        blsKey: n.bytes(48),
        stake: n.u64,
      }),
    }),
  ],
  instructions: [
    ...n.instruction({
      kind: 0,
      name: 'open',
      docs: "Makes the recorder's account, once.",
      accounts: making,
    }),
    ...n.instruction({
      kind: 1,
      name: 'grow',
      docs: 'Makes room for more voters, once there is none.',
      accounts: making,
    }),
    ...n.instruction({
      kind: 2,
      name: 'record',
      docs: 'Records vote accounts of the next epoch; about 30 fit a transaction.',
      accounts: [account('stakes', 'w', "the recorder's account", at('stakes'))],
      remaining: { docs: 'vote accounts', name: 'voteAccounts' },
    }),
  ],
  errors: errorsOf('accounts', 'recorder'),
})

const ofBuffer = [account('buffer', 'w', 'buffer'), account('author', 'ws', 'author')]

/** Messages longer than a transaction. */
export const uploadProgram = programNode({
  name: 'causewayUpload',
  docs: 'Messages longer than a transaction, written piece by piece into an account that others read.',
  publicKey: n.NO_ADDRESS,
  version: '0.1.0',
  accounts: [
    accountNode({
      name: 'buffer',
      docs: 'A message, and who writes it.',
      data: structTypeNode([
        n.constant('kind', n.bytes(8), bytesValueNode('utf8', 'cwybuffr')),
        ...n.fields({ author: n.address, message: n.rest }),
      ]),
      discriminators: [fieldDiscriminatorNode('kind', 0)],
    }),
  ],
  instructions: [
    ...n.instruction({
      kind: 0,
      name: 'open',
      docs: "Makes an account of zeros, that the program owns already, a buffer of the signer's.",
      accounts: ofBuffer,
    }),
    ...n.instruction({
      kind: 1,
      name: 'write',
      docs: 'Writes bytes at an offset in the message.',
      accounts: ofBuffer,
      message: { offset: n.u64, bytes: n.rest },
    }),
    ...n.instruction({
      kind: 2,
      name: 'close',
      docs: 'Gives the lamports back to the author.',
      accounts: ofBuffer,
    }),
  ],
  errors: errorsOf('accounts'),
})
