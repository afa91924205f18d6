// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from 'forge-std/Test.sol';
import { HubClient } from '../../src/hub-client/HubClient.sol';
import { HubMessages } from '../../src/hub-client/HubMessages.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';

/// @notice A client that trusts height 1000, and the messages and proofs of test/fixtures/hub/scenario.json.
abstract contract HubScenario is Test {
    uint64 internal constant TRUSTED_TIME = 1_767_323_200;

    string internal _json;
    HubClient internal _client;
    bytes32 internal _setA;
    bytes32 internal _setB;

    function setUp() public virtual {
        _json = vm.readFile('test/fixtures/hub/scenario.json');
        _setA = vm.parseJsonBytes32(_json, '.setA');
        _setB = vm.parseJsonBytes32(_json, '.setB');
        vm.warp(TRUSTED_TIME + 100);
        _client = new HubClient(address(0), 'causeway-1', _trusted(), _setA);
    }

    function _trusted() internal view returns (HubMessages.Attestation memory) {
        bytes32 appHash = vm.parseJsonBytes32(_json, '.trusted.appHash');
        return HubMessages.Attestation(1000, TRUSTED_TIME, appHash, _setA);
    }

    function _message(string memory name) internal view returns (bytes memory) {
        return vm.parseJsonBytes(_json, string.concat(".messages['", name, "']"));
    }

    /// Two headers as misbehaviour.
    function _both(string memory a, string memory b) internal view returns (bytes memory) {
        return abi.encode(
            abi.decode(_message(a), (HubMessages.Header)), abi.decode(_message(b), (HubMessages.Header))
        );
    }

    function _update(string memory name) internal returns (ILightClient.UpdateResult) {
        return _client.updateClient(_message(name));
    }

    function _expectUpdate(string memory name) internal {
        assertEq(uint8(_update(name)), uint8(ILightClient.UpdateResult.Update), name);
    }

    function _expectMisbehaviour(string memory name) internal {
        assertEq(uint8(_update(name)), uint8(ILightClient.UpdateResult.Misbehaviour), name);
        _expectStatus(ILightClient.Status.Frozen, uint64(block.timestamp));
    }

    function _expectStatus(ILightClient.Status expected, uint64 expectedStop) internal view {
        (ILightClient.Status current, uint64 stoppedAt) = _client.status();
        assertEq(uint8(current), uint8(expected), 'status');
        assertEq(stoppedAt, expectedStop, 'stopped at');
    }

    function _commitment(uint64 height) internal view returns (bytes24 commitment) {
        (commitment,,) = _client.getConsensusState(height);
    }

    function _previousHeight(uint64 height) internal view returns (uint64 previousHeight) {
        (,, previousHeight) = _client.getConsensusState(height);
    }

    function _path() internal view returns (bytes[] memory path) {
        path = new bytes[](2);
        path[0] = 'ibc';
        path[1] = vm.parseJsonBytes(_json, '.key');
    }

    function _absentPath() internal pure returns (bytes[] memory path) {
        path = new bytes[](2);
        path[0] = 'ibc';
        path[1] = 'nothing';
    }

    function _proof(string memory height, string memory kind) internal view returns (bytes memory) {
        return vm.parseJsonBytes(_json, string.concat(".proofs['", height, "'].", kind));
    }
}
