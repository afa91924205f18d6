// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { HubClient } from '../../src/hub-client/HubClient.sol';
import { AttestorSets } from '../../src/hub-client/AttestorSets.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';
import { HubScenario } from './HubScenario.sol';

/// @notice What contradicts the client freezes it; exit claims then go by the last state not contradicted.
contract HubClientMisbehaviourTest is HubScenario {
    function test_anotherStateAtAKnownHeight() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        _expectUpdate('1030');
        vm.expectEmit(address(_client));
        emit HubClient.ClientFrozen(1020, 1010);
        _expectMisbehaviour('1020 other app hash');
        assertEq(_client.exitHeight(), 1010, 'the last one below');
        assertEq(_client.latestHeight(), 1030);
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Frozen));
        _update('1040');
    }

    function test_anotherNextSetOrTimeAtAKnownHeight() public {
        string[2] memory names = ['1020 other next set', '1020 other time'];
        for (uint256 i = 0; i < names.length; i++) {
            _client = new HubClient(address(0), 'causeway-1', _trusted(), _setA);
            _expectUpdate('1020');
            _expectMisbehaviour(names[i]);
            assertEq(_client.exitHeight(), 1000);
        }
    }

    function test_anotherStateAtTheTrustedHeight() public {
        _expectUpdate('1010');
        _expectMisbehaviour('1000 other app hash');
        // There is none below what the client was constructed with
        assertEq(_client.exitHeight(), 1000);
    }

    function test_timeGoesBackAhead() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        _expectMisbehaviour('1040 early');
        assertEq(_client.exitHeight(), 1010, 'either may be the false one');
    }

    function test_timeRunsAheadBelow() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        _expectMisbehaviour('1015 late');
        assertEq(_client.exitHeight(), 1010);
    }

    function test_timeBeforeTheTrusted() public {
        _expectUpdate('1010');
        _expectMisbehaviour('1005 before the trusted time');
        assertEq(_client.exitHeight(), 1000);
    }

    /// A false state at a height that the hub will not reach for years can't be contradicted at that height,
    /// but by what the hub goes on to attest below it.
    function test_aFalseStateFarAheadIsContradictedByTime() public {
        _expectUpdate('1010');
        _expectUpdate('farthest height');
        _expectMisbehaviour('1015');
        assertEq(_client.exitHeight(), 1010);
    }

    function test_twoHeaders() public {
        _expectUpdate('1010');
        _client.misbehaviour(_both('1020', '1020 other app hash'));
        _expectStatus(ILightClient.Status.Frozen, uint64(block.timestamp));
        assertEq(_client.exitHeight(), 1010, 'below what is contradicted');
    }

    function test_twoHeadersBelowTheLatest() public {
        _expectUpdate('1010');
        _expectUpdate('1030');
        _client.misbehaviour(_both('1020', '1020 other app hash'));
        assertEq(_client.exitHeight(), 1010);
    }

    function test_twoHeightsWithTimesOutOfOrder() public {
        _expectUpdate('1010');
        _client.misbehaviour(_both('1040 early', '1030'));
        assertEq(_client.exitHeight(), 1010);
        _client = new HubClient(address(0), 'causeway-1', _trusted(), _setA);
        _client.misbehaviour(_both('1030', '1040 early'));
        _expectStatus(ILightClient.Status.Frozen, uint64(block.timestamp));
    }

    /// A set that lies may contradict itself to choose the state that counts: contradicting goes on.
    function test_misbehaviourWhileFrozenTakesBackMore() public {
        _expectUpdate('1010');
        _expectUpdate('1020');
        _expectUpdate('1030');
        uint64 frozenAt = uint64(block.timestamp);
        _client.misbehaviour(_both('1040', '1040 early'));
        assertEq(_client.exitHeight(), 1030);
        vm.warp(block.timestamp + 3 days);
        _client.misbehaviour(_both('1030', '1030 other app hash'));
        assertEq(_client.exitHeight(), 1020);
        _client.misbehaviour(_both('1015 late', '1020'));
        assertEq(_client.exitHeight(), 1010);
        _expectStatus(ILightClient.Status.Frozen, frozenAt);
    }

    function test_refusesWhatIsNoMisbehaviour() public {
        bytes memory same = _both('1010', '1010');
        bytes memory inOrder = _both('1010', '1020');
        vm.expectRevert(HubClient.NoMisbehaviour.selector);
        _client.misbehaviour(same);
        vm.expectRevert(HubClient.NoMisbehaviour.selector);
        _client.misbehaviour(inOrder);
        bytes memory otherChain = _both('1040', 'another chain');
        vm.expectRevert(HubClient.NoMisbehaviour.selector);
        _client.misbehaviour(otherChain);
        bytes memory otherSet = _both('1070 of A', '1070 of B');
        vm.expectRevert(HubClient.NoMisbehaviour.selector);
        _client.misbehaviour(otherSet);
        bytes memory unknownSet = _both('1040 early', '1065 of B');
        vm.expectRevert(HubClient.NoMisbehaviour.selector);
        _client.misbehaviour(unknownSet);
        bytes memory notSigned = _both('1040 of B', '1040 early');
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.SetNotTrusted.selector, _setB));
        _client.misbehaviour(notSigned);
        _expectStatus(ILightClient.Status.Active, 0);
    }
}
