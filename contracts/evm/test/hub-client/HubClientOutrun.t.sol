// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Vm } from 'forge-std/Vm.sol';
import { AttestorSets } from '../../src/hub-client/AttestorSets.sol';
import { HubClient } from '../../src/hub-client/HubClient.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';
import { HubScenario } from './HubScenario.sol';

/// @notice Set A left at 1060 and signs a false 1065 before anybody shows 1060. What the rotation tells is
/// learned late, and what A signed is contradicted by who was in office.
contract HubClientOutrunTest is HubScenario {
    function setUp() public override {
        super.setUp();
        _expectUpdate('1010');
        _expectUpdate('1065 other app hash, of A');
    }

    function test_theTrueSetIsHeardFromWhereItWasNamed() public {
        bytes memory truth = _message('1065 of B');
        // The liars named it too late
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1066, 1065));
        _client.updateClient(truth);
        vm.expectEmit(address(_client));
        emit AttestorSets.SetLearned(1061, _setB);
        _expectUpdate('1060 rotates');
        vm.expectEmit(address(_client));
        emit HubClient.ClientFrozen(1065, 1010);
        _expectMisbehaviour('1065 of B');
        assertEq(_client.exitHeight(), 1010, 'below the false state');
    }

    /// The true set has gone on upon the false state, in good faith: then the rotation is no state any more.
    function test_theRotationIsLearnedThoughItIsNoState() public {
        _expectUpdate('1070 of B');
        vm.expectEmit(address(_client));
        emit AttestorSets.SetLearned(1061, _setB);
        assertEq(uint8(_update('1060 rotates')), uint8(ILightClient.UpdateResult.Learned));
        vm.expectRevert(abi.encodeWithSelector(HubClient.NoConsensusState.selector, 1060));
        _client.getTimestamp(1060);
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1066, 1060));
        _update('1060 rotates');
        _client.misbehaviour(_both('1065 other app hash, of A', '1065 of B'));
        assertEq(_client.exitHeight(), 1010);
    }

    /// Liars that froze it by themselves, above their state, don't make that the one that counts.
    function test_learnsOnceFrozen() public {
        _expectUpdate('1070 of B');
        _expectUpdate('1080 of B, ahead of the clock');
        _expectMisbehaviour('1070 of B, thirteen days later', 13 days);
        assertEq(_client.exitHeight(), 1065, 'the false one');
        assertEq(uint8(_update('1060 rotates')), uint8(ILightClient.UpdateResult.Learned));
        _client.misbehaviour(_both('1065 other app hash, of A', '1065 of B'));
        assertEq(_client.exitHeight(), 1010);
    }

    /// A header cut or changed teaches nothing.
    function testFuzz_changedRotationsTeachNothing(uint256 position, uint8 change) public {
        _expectUpdate('1070 of B');
        bytes memory message = _message('1060 rotates');
        position = bound(position, 0, message.length - 1);
        vm.assume(change != 0);
        message[position] ^= bytes1(change);
        vm.recordLogs();
        try _client.updateClient(message) {
            // Still says the same: an offset that leads to another zero
            Vm.Log[] memory logs = vm.getRecordedLogs();
            assertEq(logs.length, 1);
            assertEq(logs[0].topics[1], bytes32(uint256(1061)));
            assertEq(logs[0].data, abi.encode(_setB));
        } catch {
            assertEq(vm.getRecordedLogs().length, 0);
        }
    }

    function _expectMisbehaviour(string memory name, uint256 laterSeconds) private {
        vm.warp(TRUSTED_TIME + laterSeconds);
        assertEq(uint8(_update(name)), uint8(ILightClient.UpdateResult.Misbehaviour), name);
    }
}
