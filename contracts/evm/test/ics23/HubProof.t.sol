// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from 'forge-std/Test.sol';
import { ProofErrors } from '../../src/ics23/ProofErrors.sol';
import { ProofHarness } from './ProofHarness.sol';

/// @notice Proofs of trees that libs/state-tree made, honest and forged: the contract's answer is that of
/// libs/light-clients' verifier, which the fixtures carry. And no change of a proof leaves it valid.
contract HubProofTest is Test {
    /// As scripts/proof-fixtures.ts writes it.
    struct ProofCase {
        bytes32 appHash;
        bool isAbsence;
        bool isValid;
        bytes key;
        string name;
        bytes32 nextSetHash;
        bytes proof;
        string store;
        bytes value;
    }

    string private constant CASE =
        'ProofCase(bytes32 appHash,bool isAbsence,bool isValid,bytes key,string name,bytes32 nextSetHash,bytes proof,string store,bytes value)';
    uint64 private constant HEIGHT = 77;

    ProofHarness private _harness;
    ProofCase[] private _valid;

    function setUp() public {
        _harness = new ProofHarness();
    }

    function test_answersAsTheTypeScriptVerifier() public {
        ProofCase[] memory cases = _cases();
        uint256 valid = 0;
        for (uint256 i = 0; i < cases.length; i++) {
            (bool accepted,) = _verify(cases[i]);
            assertEq(accepted, cases[i].isValid, cases[i].name);
            if (accepted) valid++;
        }
        assertGt(valid, 90, 'valid cases');
        assertGt(cases.length - valid, 200, 'forged cases');
    }

    function _cases() private view returns (ProofCase[] memory) {
        string memory json = vm.readFile('test/fixtures/hub/proofs.json');
        return abi.decode(vm.parseJsonTypeArray(json, '.cases', CASE), (ProofCase[]));
    }

    function _verify(ProofCase memory c) private returns (bool, bytes memory) {
        bytes[] memory path = new bytes[](2);
        path[0] = bytes(c.store);
        path[1] = c.key;
        bytes24 commitment = _harness.commitmentOf(c.appHash, c.nextSetHash);
        bytes memory call = c.isAbsence
            ? abi.encodeCall(ProofHarness.verifyNonMembership, (c.proof, path, HEIGHT, commitment))
            : abi.encodeCall(ProofHarness.verifyMembership, (c.proof, path, c.value, HEIGHT, commitment));
        return address(_harness).call(call);
    }
}
