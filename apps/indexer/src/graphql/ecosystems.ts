import type { Builder } from './builder.ts'

/** Adds the enums that say of a client's chain how it is and when it is final. */
export function addEcosystemTypes(builder: Builder) {
  const ecosystem = builder.enumType('Ecosystem', {
    description: 'What kind of chain a line leads to.',
    values: {
      COSMOS: { description: 'CometBFT and IBC.' },
      EVM: { description: 'Ethereum and what executes as it does.' },
      SOLANA: { description: 'A Solana cluster.' },
    } as const,
  })
  const finality = builder.enumType('FinalityRule', {
    description: 'When a deposit over a line is final, so that its client on the hub proves it.',
    values: {
      INSTANT: { description: 'With its block: CometBFT signs no other at that height.' },
      FINALIZED: { description: 'Once sync committees sign that its block is finalised: about 15 minutes.' },
      ROOTED: { description: 'Once two thirds of the stake have rooted its slot: about 13 seconds.' },
    } as const,
  })
  return { ecosystem, finality }
}

/** What a client's type says of its chain; undefined for a type that is none of these. */
export function ecosystemOf(clientId: string) {
  const type = clientId.slice(0, clientId.lastIndexOf('-'))
  return type in ecosystems ? ecosystems[type as keyof typeof ecosystems] : undefined
}

const ecosystems = {
  '07-tendermint': { ecosystem: 'COSMOS', finality: 'INSTANT' },
  ethereum: { ecosystem: 'EVM', finality: 'FINALIZED' },
  solana: { ecosystem: 'SOLANA', finality: 'ROOTED' },
} as const
