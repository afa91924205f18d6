// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { HubClient } from '../../src/hub-client/HubClient.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';
import { ProofErrors } from '../../src/ics23/ProofErrors.sol';
import { HubScenario } from './HubScenario.sol';

/// @notice What is proven under which height, while the client is active and after.
contract HubClientProofTest is HubScenario {
    function test_membershipWhileActive() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        bytes memory value = _proof('1010', 'value');
        assertEq(
            _client.verifyMembership(_proof('1010', 'membership'), 1010, _path(), value), TRUSTED_TIME + 10
        );
        assertEq(
            _client.verifyNonMembership(_proof('1010', 'absence'), 1010, _absentPath()), TRUSTED_TIME + 10
        );
        // What the client was constructed with counts, too
        bytes memory trustedProof = _proof('1000', 'membership');
        assertEq(
            _client.verifyMembership(trustedProof, 1000, _path(), _proof('1000', 'value')), TRUSTED_TIME
        );
    }

    function test_refusesAnotherHeight() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        bytes memory membership = _proof('1010', 'membership');
        bytes memory absence = _proof('1010', 'absence');
        bytes memory value = _proof('1010', 'value');
        bytes24 expected = _commitment(1020);
        bytes24 actual = _commitment(1010);
        bytes memory mismatch = abi.encodeWithSelector(ProofErrors.RootMismatch.selector, expected, actual);
        vm.expectRevert(mismatch);
        _client.verifyMembership(membership, 1020, _path(), value);
        vm.expectRevert(mismatch);
        _client.verifyNonMembership(absence, 1020, _absentPath());
        vm.expectRevert(abi.encodeWithSelector(HubClient.NoConsensusState.selector, 1015));
        _client.verifyMembership(membership, 1015, _path(), value);
        vm.expectRevert(abi.encodeWithSelector(HubClient.NoConsensusState.selector, 0));
        _client.verifyNonMembership(absence, 0, _absentPath());
    }

    function test_exitOnlyWhenStopped() public {
        _expectUpdate('1010');
        bytes memory membership = _proof('1010', 'membership');
        bytes memory absence = _proof('1010', 'absence');
        bytes memory value = _proof('1010', 'value');
        bytes memory wrong =
            abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Active);
        vm.expectRevert(wrong);
        _client.verifyMembershipAtExit(membership, _path(), value);
        vm.expectRevert(wrong);
        _client.verifyNonMembershipAtExit(absence, _absentPath());
    }

    function test_exitWhenExpired() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        bytes memory membership = _proof('1020', 'membership');
        bytes memory value = _proof('1020', 'value');
        vm.warp(TRUSTED_TIME + 20 + 14 days);
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Expired));
        _client.verifyMembership(membership, 1020, _path(), value);
        assertEq(_client.verifyMembershipAtExit(membership, _path(), value), TRUSTED_TIME + 20);
        assertEq(
            _client.verifyNonMembershipAtExit(_proof('1020', 'absence'), _absentPath()), TRUSTED_TIME + 20
        );
    }

    function test_exitWhenFrozenIsBelowTheContradiction() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        _expectMisbehaviour('1020 other app hash');
        bytes memory contradicted = _proof('1020', 'membership');
        bytes memory contradictedValue = _proof('1020', 'value');
        bytes memory absence = _proof('1020', 'absence');
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Frozen));
        _client.verifyMembership(contradicted, 1020, _path(), contradictedValue);
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Frozen));
        _client.verifyNonMembership(absence, 1020, _absentPath());
        bytes24 expected = _commitment(1010);
        bytes24 actual = _commitment(1020);
        vm.expectRevert(abi.encodeWithSelector(ProofErrors.RootMismatch.selector, expected, actual));
        _client.verifyMembershipAtExit(contradicted, _path(), contradictedValue);
        bytes memory membership = _proof('1010', 'membership');
        assertEq(
            _client.verifyMembershipAtExit(membership, _path(), _proof('1010', 'value')), TRUSTED_TIME + 10
        );
        // Frozen it stays, and since then, also when it would have expired
        uint64 frozenAt = uint64(block.timestamp);
        vm.warp(block.timestamp + 30 days);
        _expectStatus(ILightClient.Status.Frozen, frozenAt);
    }
}
