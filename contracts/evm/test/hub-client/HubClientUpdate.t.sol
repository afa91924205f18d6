// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { AttestationVerifier } from '../../src/hub-client/AttestationVerifier.sol';
import { AttestorSets } from '../../src/hub-client/AttestorSets.sol';
import { HubClient } from '../../src/hub-client/HubClient.sol';
import { HubMessages } from '../../src/hub-client/HubMessages.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';
import { HubScenario } from './HubScenario.sol';

contract HubClientUpdateTest is HubScenario {
    function test_construction() public view {
        assertEq(_client.chainId(), 'causeway-1');
        assertEq(_client.chainIdHash(), sha256('causeway-1'));
        assertEq(_client.core(), address(0));
        assertEq(_client.latestHeight(), 1000);
        assertEq(_client.exitHeight(), 1000);
        assertEq(_client.getTimestamp(1000), TRUSTED_TIME);
        (bytes32 setHash, uint64 start) = _client.currentSet();
        assertEq(setHash, _setA);
        assertEq(start, 1000);
        _expectStatus(ILightClient.Status.Active, 0);
    }

    /// Nomad 2022: nothing may be trusted by default.
    function test_constructionRefusesZeros() public {
        for (uint256 i = 0; i < 7; i++) {
            HubMessages.Attestation memory trusted = _trusted();
            if (i == 0) trusted.height = 0;
            if (i == 6) trusted.height = 1; // the hub attests from 2 on
            if (i == 1) trusted.timeSeconds = 0;
            if (i == 2) trusted.appHash = 0;
            if (i == 3) trusted.nextSetHash = 0;
            vm.expectRevert(AttestorSets.ZeroValue.selector);
            new HubClient(address(0), i == 4 ? '' : 'causeway-1', trusted, i == 5 ? bytes32(0) : _setA);
        }
        HubMessages.Attestation memory future = _trusted();
        future.timeSeconds = uint64(block.timestamp + 30);
        vm.expectRevert(
            abi.encodeWithSelector(
                HubClient.FromTheFuture.selector, block.timestamp + 30, block.timestamp + 30
            )
        );
        new HubClient(address(0), 'causeway-1', future, _setA);
    }

    function test_onlyTheCoreChangesIt() public {
        _client = new HubClient(address(this), 'causeway-1', _trusted(), _setA);
        bytes memory message = _message('1010');
        bytes memory both = _both('1020', '1020 other app hash');
        vm.startPrank(address(1));
        vm.expectRevert(abi.encodeWithSelector(HubClient.NotCore.selector, address(this), address(1)));
        _client.updateClient(message);
        vm.expectRevert(abi.encodeWithSelector(HubClient.NotCore.selector, address(this), address(1)));
        _client.misbehaviour(both);
        vm.stopPrank();
        _expectUpdate('1010');
    }

    function test_movesOn() public {
        vm.expectEmit(address(_client));
        bytes32 appHash = abi.decode(_message('1010'), (HubMessages.Header)).attestation.appHash;
        emit HubClient.ConsensusStateAccepted(1010, TRUSTED_TIME + 10, appHash, _setA);
        _expectUpdate('1010');
        _expectUpdate('1030');
        assertEq(_client.latestHeight(), 1030);
        assertEq(_client.exitHeight(), 1030);
        assertEq(_client.getTimestamp(1010), TRUSTED_TIME + 10);
        assertEq(_client.getTimestamp(1030), TRUSTED_TIME + 30);
        vm.expectRevert(abi.encodeWithSelector(HubClient.NoConsensusState.selector, 1020));
        _client.getTimestamp(1020);
        assertEq(_previousHeight(1010), 1000);
        assertEq(_previousHeight(1030), 1010);
    }

    function test_fillsAGap() public {
        _expectUpdate('1030');
        _expectUpdate('1020');
        _expectUpdate('1005');
        assertEq(_client.latestHeight(), 1030);
        assertEq(_client.getTimestamp(1020), TRUSTED_TIME + 20);
        assertEq(_previousHeight(1020), 0);
    }

    function test_repeatedIsNoOp() public {
        _expectUpdate('1010');
        vm.recordLogs();
        assertEq(uint8(_update('1010')), uint8(ILightClient.UpdateResult.NoOp));
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_rotation() public {
        _expectUpdate('1010');
        vm.expectEmit(address(_client));
        emit AttestorSets.SetRotated(1061, _setB);
        _expectUpdate('1060 rotates');
        (bytes32 setHash, uint64 start) = _client.currentSet();
        assertEq(setHash, _setB);
        assertEq(start, 1061);
        // While B has not signed, heights of A may still be filled in
        _expectUpdate('1050 of A');
        // Above, only B counts
        vm.expectRevert(abi.encodeWithSelector(AttestationVerifier.WrongSet.selector, _setB, _setA));
        _update('1070 of A');
        vm.expectRevert(abi.encodeWithSelector(AttestationVerifier.WrongSet.selector, _setA, _setB));
        _update('1040 of B');
        _expectUpdate('1070 of B');
        _expectUpdate('1065 of B');
        // B has signed: below its start nothing is accepted any more
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1061, 1040));
        _update('1040');
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1061, 1020));
        _update('1020 other app hash');
    }

    function test_refusesHeightsBelowTheTrusted() public {
        vm.expectRevert(abi.encodeWithSelector(AttestorSets.HeightBelowSet.selector, 1000, 999));
        _update('999');
    }

    function test_refusesAnotherChain() public {
        vm.expectRevert(AttestationVerifier.WrongSignature.selector);
        _update('another chain');
    }

    function test_refusesZeros() public {
        vm.expectRevert(AttestorSets.ZeroValue.selector);
        _update('zero app hash');
        vm.expectRevert(AttestorSets.ZeroValue.selector);
        _update('zero next set');
    }

    function test_refusesTheFuture() public {
        vm.warp(TRUSTED_TIME + 10);
        vm.expectRevert(
            abi.encodeWithSelector(HubClient.FromTheFuture.selector, TRUSTED_TIME + 40, TRUSTED_TIME + 40)
        );
        _update('1040');
        vm.warp(TRUSTED_TIME + 11);
        _expectUpdate('1040');
    }

    function test_expires() public {
        _expectUpdate('1010');
        vm.warp(TRUSTED_TIME + 10 + 14 days - 1);
        _expectStatus(ILightClient.Status.Active, 0);
        vm.warp(TRUSTED_TIME + 10 + 14 days);
        _expectStatus(ILightClient.Status.Expired, TRUSTED_TIME + 10 + 14 days);
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Expired));
        _update('1020');
    }

    /// Contradictions are heard until the client can be retired, by the time at which it stopped: a state
    /// shown in the last second is not safe by that, and nobody waits longer for it.
    function test_isContradictedOnceExpired() public {
        _expectUpdate('1010');
        _expectUpdate('1030');
        uint64 stop = TRUSTED_TIME + 30 + 14 days;
        bytes memory both = _both('1020', '1020 other app hash');
        vm.warp(stop + 14 days);
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Expired));
        _client.misbehaviour(both);
        vm.warp(stop + 14 days - 1);
        _client.misbehaviour(both);
        assertEq(_client.exitHeight(), 1010);
        _expectStatus(ILightClient.Status.Frozen, stop);
    }

    /// An attestation that its signers can no longer be slashed for, although the client is active.
    function test_refusesOldAttestationsBelowTheLatest() public {
        _expectUpdate('1040');
        vm.warp(TRUSTED_TIME + 20 + 14 days);
        _expectStatus(ILightClient.Status.Active, 0);
        vm.expectRevert(
            abi.encodeWithSelector(HubClient.TooOld.selector, TRUSTED_TIME + 20, TRUSTED_TIME + 20)
        );
        _update('1020');
        _expectUpdate('1030');
    }

    function test_refusesWhatDoesNotFitOneWord() public {
        vm.expectRevert(abi.encodeWithSelector(HubClient.TooFarAhead.selector, type(uint32).max, 1 << 32));
        _update('far height');
        _expectUpdate('farthest height');
        _client = new HubClient(address(0), 'causeway-1', _trusted(), _setA);
        // The client must not expire meanwhile, so its clock jumps only for this message
        vm.warp(uint256(TRUSTED_TIME) + (1 << 32));
        vm.expectRevert(abi.encodeWithSelector(HubClient.WrongStatus.selector, ILightClient.Status.Expired));
        _update('far time');
    }

    function test_refusesOtherEncodings() public {
        bytes memory message = _message('1010');
        vm.expectRevert(abi.encodeWithSelector(HubClient.MessageOffset.selector, 32, 0));
        _client.updateClient('');
        message[31] = 0x40;
        vm.expectRevert(abi.encodeWithSelector(HubClient.MessageOffset.selector, 32, 64));
        _client.updateClient(message);
        vm.expectRevert(abi.encodeWithSelector(HubClient.MessageOffset.selector, 64, 32));
        _client.misbehaviour(_message('1010'));
        bytes memory both = _both('1020', '1020 other app hash');
        for (uint256 i = 32; i < 64; i++) {
            both[i] = 0xff;
        }
        vm.expectRevert(
            abi.encodeWithSelector(HubClient.MessageOffset.selector, both.length, type(uint256).max)
        );
        _client.misbehaviour(both);
    }

    /// A message with a byte changed is not accepted, unless it still says the same (an offset that leads to
    /// another zero), and none freezes the client.
    function testFuzz_changedMessages(uint256 position, uint8 change) public {
        bytes memory message = _message('1010');
        position = bound(position, 0, message.length - 1);
        vm.assume(change != 0);
        message[position] ^= bytes1(change);
        try _client.updateClient(message) {
            bytes24 changed = _commitment(1010);
            assertEq(_client.getTimestamp(1010), TRUSTED_TIME + 10);
            _client = new HubClient(address(0), 'causeway-1', _trusted(), _setA);
            _expectUpdate('1010');
            assertEq(changed, _commitment(1010));
        } catch {
            assertEq(_client.latestHeight(), 1000);
        }
        _expectStatus(ILightClient.Status.Active, 0);
    }

    /// No message cut short or with bytes of another is accepted.
    function testFuzz_cutMessages(uint256 length) public {
        bytes memory message = _message('1010');
        length = bound(length, 0, message.length - 1);
        assembly ("memory-safe") {
            mstore(message, length)
        }
        try _client.updateClient(message) {
            revert('accepted');
        } catch { }
        assertEq(_client.latestHeight(), 1000);
    }
}
