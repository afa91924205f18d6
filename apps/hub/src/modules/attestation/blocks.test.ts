// Attestations of blocks, as clients of the hub see them.
import { verifyAttestation, updateHubClient } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from '../../block/inspect.ts'
import { attestedHub, bls, clientOf } from './attested-hub.fixture.ts'

describe('attestations of blocks', () => {
  it('begin with height 2, each signed by all in the block after it', () => {
    const { hub, driver, blocks, header, set, codeOfAttestation } = attestedHub([10n, 10n, 10n, 10n])
    blocks(2)
    expect(codeOfAttestation(2n)).toBe(22)
    blocks(1)
    expect(driver.height).toBe(3n)
    expect(codeOfAttestation(1n)).toBe(22)
    const found = header(2n)
    expect(verifyAttestation(bls, found, set(2n).setHash).power).toBe(40n)
    expect(found.absentees).toEqual([])
    expect(header()).toEqual(found)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})
