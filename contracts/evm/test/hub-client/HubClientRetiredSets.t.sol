// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { AttestorSets } from '../../src/hub-client/AttestorSets.sol';
import { HubClient } from '../../src/hub-client/HubClient.sol';
import { HubMessages } from '../../src/hub-client/HubMessages.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';
import { HubScenario } from './HubScenario.sol';

/// @notice A false state stays open to contradiction when the set that signed it has left, for the trusting
/// period; who was never trusted, or not lately, is not heard.
contract HubClientRetiredSetsTest is HubScenario {
    /// The attested time of the last height of A.
    uint64 private constant A_ENDS = TRUSTED_TIME + 60;

    function setUp() public override {
        super.setUp();
        _expectUpdate('1010');
        _expectUpdate('1020 other app hash');
        _expectUpdate('1060 rotates');
        _expectUpdate('1065 of B');
    }

    function test_theTrueHeaderFreezes() public {
        vm.expectEmit(address(_client));
        emit HubClient.ClientFrozen(1020, 1010);
        _expectMisbehaviour('1020');
        assertEq(_client.exitHeight(), 1010, 'below the false state');
    }

    function test_bothHeadersFreeze() public {
        _client.misbehaviour(_both('1020', '1020 other app hash'));
        _expectStatus(ILightClient.Status.Frozen, uint64(block.timestamp));
        assertEq(_client.exitHeight(), 1010);
    }

    /// The set that the liars named signs on; the true one contradicts above its own end as well.
    function test_aFalseStateOfTheNextSetFreezes() public {
        _expectMisbehaviour('1065 other app hash, of A');
        assertEq(_client.exitHeight(), 1060);
    }

    function test_timesOutOfOrderFreeze() public {
        _expectMisbehaviour('1063 late, of A');
        assertEq(_client.exitHeight(), 1060);
    }

    function test_twoSetsTogetherFreeze() public {
        _client.misbehaviour(_both('1065 other app hash, of A', '1065 of B'));
        assertEq(_client.exitHeight(), 1060);
    }

    /// What honest sets sign alike is no contradiction.
    function test_theSameByAnotherSetIsNoOp() public {
        assertEq(uint8(_update('1065 of A')), uint8(ILightClient.UpdateResult.NoOp));
        bytes memory both = _both('1065 of A', '1065 of B');
        vm.expectRevert(HubClient.NoMisbehaviour.selector);
        _client.misbehaviour(both);
    }

    /// Nothing new is believed on the word of a set that left.
    function test_newStatesAreOfTheCurrentSetOnly() public {
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1061, 1030));
        _update('1030');
        assertEq(_client.latestHeight(), 1065);
    }

    /// A set that liars made up takes back nothing that is older than it.
    function test_aSetIsNotHeardBelowItsStart() public {
        bytes memory both = _both('1050 other time, of B', '1050 of A');
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1061, 1050));
        _client.misbehaviour(both);
        _expectStatus(ILightClient.Status.Active, 0);
    }

    function test_heardAsLongAsItCanBeSlashed() public {
        _keepAlive();
        vm.warp(A_ENDS + 21 days - 1);
        _client.misbehaviour(_both('1020', '1020 other app hash'));
        _expectStatus(ILightClient.Status.Frozen, uint64(block.timestamp));
        // The latest one was written at 1065 + 5
        assertEq(_client.exitHeight(), 1010);
    }

    function test_notHeardAfterThat() public {
        _keepAlive();
        vm.warp(A_ENDS + 21 days);
        bytes memory both = _both('1020', '1020 other app hash');
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.SetNotTrusted.selector, _setA));
        _client.misbehaviour(both);
        _expectStatus(ILightClient.Status.Active, 0);
        // The current set is heard as before
        _client.misbehaviour(_both('1065 of B', '1065 other app hash, of B'));
        assertEq(_client.exitHeight(), 1060);
    }

    function test_aSetNeverTrustedIsNotHeard() public {
        _client = new HubClient(address(0), 'causeway-1', _trusted(), _setA);
        _expectUpdate('1010');
        bytes memory both = _both('1050 other time, of B', '1050 of A');
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.SetNotTrusted.selector, _setB));
        _client.misbehaviour(both);
        HubMessages.Header memory header =
            abi.decode(_message('1065 other app hash, of B'), (HubMessages.Header));
        header.attestation.height = 1010;
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.SetNotTrusted.selector, _setB));
        _client.updateClient(abi.encode(header));
    }

    /// The set that signed what a client is constructed with is on record from there.
    function test_theSetBeforeTheFirstOneIsHeard() public {
        HubMessages.Attestation memory rotation =
        abi.decode(_message('1060 rotates'), (HubMessages.Header)).attestation;
        _client = new HubClient(address(0), 'causeway-1', rotation, _setA);
        _expectUpdate('1065 of B');
        bytes memory below = _both('1020', '1020 other app hash');
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1060, 1020));
        _client.misbehaviour(below);
        _expectMisbehaviour('1065 other app hash, of A');
        assertEq(_client.exitHeight(), 1060);
    }

    /// The state that exit claims go by stands before the first of them can be paid: IbcCore retires a client
    /// 14 days after it stopped.
    function test_theExitStateIsFixedWhenTheClientCanBeRetired() public {
        _expectUpdate('1080 of B, ahead of the clock');
        _expectMisbehaviour('1065 other app hash, of B');
        uint256 frozenAt = block.timestamp;
        assertEq(_client.exitHeight(), 1060);
        bytes memory both = _both('1020', '1020 other app hash');
        vm.warp(frozenAt + 14 days);
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Frozen));
        _client.misbehaviour(both);
        assertEq(_client.exitHeight(), 1060);
        vm.warp(A_ENDS + 14 days - 1);
        _client.misbehaviour(both);
        assertEq(_client.exitHeight(), 1010);
    }

    function _keepAlive() private {
        vm.warp(TRUSTED_TIME + 13 days);
        _expectUpdate('1070 of B, thirteen days later');
    }
}
