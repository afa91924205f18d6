// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from 'forge-std/Test.sol';
import { AttestationVerifier } from '../../src/hub-client/AttestationVerifier.sol';
import { AttestorSets } from '../../src/hub-client/AttestorSets.sol';
import { Bls12381 } from '../../src/hub-client/Bls12381.sol';
import { HubClient } from '../../src/hub-client/HubClient.sol';
import { HubMessages } from '../../src/hub-client/HubMessages.sol';
import { HubProof } from '../../src/ics23/HubProof.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';

/// @notice The attestation vectors of libs/light-clients: the same headers are accepted and refused, for the
/// same reasons, and a client goes through the same states.
contract HubClientVectorsTest is Test {
    struct VectorHeader {
        string chainId;
        bytes clientMessage;
        string code;
        string name;
        bytes32 setHash;
    }

    struct State {
        uint64 height;
        uint64 timeSeconds;
        bytes32 appHash;
        bytes32 nextSetHash;
    }

    struct ClientState {
        uint64 latestHeight;
        uint64 currentSetStart;
        bytes32 currentSetHash;
        bytes32 nextSetHash;
        bool isFrozen;
        State[] states;
    }

    struct Step {
        ClientState afterwards;
        bool isMisbehaviour;
        bytes message;
        string name;
        uint256 nowSeconds;
        string result;
    }

    struct Scenario {
        string chainId;
        ClientState initial;
        string name;
        Step[] steps;
    }

    string private constant STATE = 'State(uint64 height,uint64 timeSeconds,bytes32 appHash,'
        'bytes32 nextSetHash)';
    string private constant CLIENT_STATE = 'ClientState(uint64 latestHeight,uint64 currentSetStart,'
        'bytes32 currentSetHash,bytes32 nextSetHash,bool isFrozen,State[] states)';
    string private constant STEP = 'Step(ClientState afterwards,bool isMisbehaviour,'
        'bytes message,string name,uint256 nowSeconds,string result)';
    string private constant SCENARIO =
        'Scenario(string chainId,ClientState initial,string name,Step[] steps)';

    string private _json;

    function setUp() public {
        _json = vm.readFile('test/fixtures/hub/attestation.json');
    }

    function test_headers() public {
        bytes memory data = vm.parseJsonTypeArray(
            _json,
            '.headers',
            'VectorHeader(string chainId,bytes clientMessage,' 'string code,string name,bytes32 setHash)'
        );
        VectorHeader[] memory cases = abi.decode(data, (VectorHeader[]));
        assertGt(cases.length, 60);
        for (uint256 i = 0; i < cases.length; i++) {
            VectorHeader memory c = cases[i];
            HubMessages.Attestation memory attested =
            abi.decode(c.clientMessage, (HubMessages.Header)).attestation;
            vm.warp(attested.timeSeconds);
            HubMessages.Attestation memory trusted = HubMessages.Attestation(
                attested.height - 1, attested.timeSeconds, bytes32(uint256(1)), c.setHash
            );
            HubClient client = new HubClient(address(0), c.chainId, trusted, c.setHash);
            try client.updateClient{ gas: 3_000_000 }(c.clientMessage) returns (
                ILightClient.UpdateResult result
            ) {
                assertEq(c.code, '', c.name);
                assertEq(uint8(result), uint8(ILightClient.UpdateResult.Update), c.name);
            } catch (bytes memory reason) {
                assertTrue(
                    _isExpected(c.code, bytes4(reason)), string.concat(c.name, ' => ', vm.toString(reason))
                );
            }
        }
    }

    function test_scenarios() public {
        string memory types = string.concat(SCENARIO, CLIENT_STATE, STATE, STEP);
        Scenario[] memory scenarios =
            abi.decode(vm.parseJsonTypeArray(_json, '.scenarios', types), (Scenario[]));
        assertEq(scenarios.length, 22);
        for (uint256 i = 0; i < scenarios.length; i++) {
            _run(scenarios[i]);
        }
    }

    function _run(Scenario memory scenario) private {
        State memory first = scenario.initial.states[0];
        vm.warp(first.timeSeconds);
        HubMessages.Attestation memory trusted =
            HubMessages.Attestation(first.height, first.timeSeconds, first.appHash, first.nextSetHash);
        HubClient client =
            new HubClient(address(0), scenario.chainId, trusted, scenario.initial.currentSetHash);
        for (uint256 i = 0; i < scenario.steps.length; i++) {
            Step memory step = scenario.steps[i];
            vm.warp(step.nowSeconds);
            string memory result = _do(client, step);
            assertEq(result, step.result, step.name);
            _compare(client, step.afterwards, step.name);
        }
    }

    function _do(HubClient client, Step memory step) private returns (string memory) {
        if (step.isMisbehaviour) {
            try client.misbehaviour(step.message) {
                return 'frozen';
            } catch (bytes memory reason) {
                return _isExpected(step.result, bytes4(reason)) ? step.result : vm.toString(reason);
            }
        }
        try client.updateClient(step.message) returns (ILightClient.UpdateResult result) {
            if (result == ILightClient.UpdateResult.NoOp) return 'unchanged';
            if (result == ILightClient.UpdateResult.Learned) return 'learned';
            return result == ILightClient.UpdateResult.Update ? 'updated' : 'frozen';
        } catch (bytes memory reason) {
            return _isExpected(step.result, bytes4(reason)) ? step.result : vm.toString(reason);
        }
    }

    function _compare(HubClient client, ClientState memory expected, string memory name) private view {
        assertEq(client.latestHeight(), expected.latestHeight, name);
        (bytes32 setHash, uint64 start) = client.currentSet();
        assertEq(setHash, expected.nextSetHash, name);
        // The contract counts from where the next set starts while it has not signed yet
        if (expected.nextSetHash == expected.currentSetHash) {
            assertEq(start, expected.currentSetStart, name);
        } else {
            assertEq(start, expected.latestHeight + 1, name);
        }
        (ILightClient.Status status,) = client.status();
        assertEq(status == ILightClient.Status.Frozen, expected.isFrozen, name);
        for (uint256 i = 0; i < expected.states.length; i++) {
            State memory state = expected.states[i];
            (bytes24 commitment, uint64 timeSeconds,) = client.getConsensusState(state.height);
            assertEq(timeSeconds, state.timeSeconds, name);
            assertEq(commitment, HubProof.commitmentOf(state.appHash, state.nextSetHash), name);
        }
    }

    /// The errors of libs/light-clients/src/attestation/errors.ts, as this contract names them.
    function _isExpected(string memory expected, bytes4 actual) private pure returns (bool) {
        bytes32 e = keccak256(bytes(expected));
        if (e == keccak256('attestation/1')) return actual == Bls12381.PointLength.selector;
        if (e == keccak256('attestation/6')) return actual == AttestationVerifier.WrongSet.selector;
        if (e == keccak256('attestation/7') || e == keccak256('attestation/8')) {
            return actual == AttestationVerifier.AbsenteeOrder.selector;
        }
        if (e == keccak256('attestation/9')) return actual == AttestationVerifier.AbsenteeNotInSet.selector;
        if (e == keccak256('attestation/10')) return actual == AttestationVerifier.AbsentPower.selector;
        if (e == keccak256('attestation/11')) return actual == AttestationVerifier.TooLittlePower.selector;
        if (e == keccak256('attestation/12')) return actual == AttestationVerifier.IdentityKey.selector;
        if (e == keccak256('attestation/13')) {
            return actual == AttestationVerifier.WrongSignature.selector
                || actual == AttestationVerifier.IdentitySignature.selector
                || actual == Bls12381.PrecompileRefused.selector;
        }
        if (e == keccak256('attestation/20') || e == keccak256('attestation/21')) {
            return actual == HubClient.WrongStatus.selector;
        }
        if (e == keccak256('attestation/22')) return actual == HubClient.FromTheFuture.selector;
        if (e == keccak256('attestation/23')) return actual == HubClient.TooOld.selector;
        if (e == keccak256('attestation/24')) return actual == AttestorSets.HeightBelowSet.selector;
        if (e == keccak256('attestation/28')) return actual == AttestorSets.SetNotTrusted.selector;
        if (e == keccak256('attestation/25')) return actual == HubClient.NoMisbehaviour.selector;
        if (e == keccak256('attestation/29')) return actual == AttestorSets.HeightStands.selector;
        if (e == keccak256('attestation/30')) return actual == AttestorSets.ZeroValue.selector;
        if (e == keccak256('attestation/31')) return actual == HubClient.TooFarAhead.selector;
        return false;
    }
}
