import { attestorSetHash } from '@causeway/light-clients'
import { AttestationHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { Chain } from '@causeway/relayer'
import { bytesToHex } from 'viem'
import { CLIENTS } from '../chains/facts.ts'
import type { TrustedHub } from '../contracts/deploy-bridge.ts'

/** The hub's newest attestation, from which its client on Ethereum starts. Throws while there is none. */
export async function readTrustedHub(hub: Chain): Promise<TrustedHub> {
  const { chainId, clientState } = await hub.clientSeed({ clientType: 'attestation' })
  const { height, attestation, set } = AttestationHeader.decode(clientState.value)
  if (attestation === undefined || set === undefined) throw new Error('the hub gave half an attestation')
  const { timeSeconds, appHash, nextSetHash } = attestation
  return {
    chainId,
    clientId: CLIENTS.ethereumOnHub,
    attestation: {
      ...{ height, timeSeconds },
      ...{ appHash: bytesToHex(appHash), nextSetHash: bytesToHex(nextSetHash) },
    },
    setHash: bytesToHex(attestorSetHash(set)),
  }
}
