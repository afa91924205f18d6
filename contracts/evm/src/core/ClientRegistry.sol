// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { IIbcCore } from "../interfaces/IIbcCore.sol";
import { CounterpartyInfo } from "../interfaces/IbcMessages.sol";
import { ILightClient } from "../interfaces/ILightClient.sol";
import { Commitments } from "./Commitments.sol";
import { DecimalText } from "./DecimalText.sol";
import { MerklePrefix } from "./MerklePrefix.sol";

/// @title Clients of IbcCore and their counterparties
/// @notice Adding a client is open to all and promises nothing to anybody else: whatever a client accepts
/// touches only what belongs to its own id. Spec: ICS-02 v2, with counterparties fixed at creation.
abstract contract ClientRegistry is IIbcCore, ReentrancyGuardTransient {
    /// @notice How long a client has to be Frozen or Expired before it may be retired.
    uint256 public constant RETIREMENT_DELAY_SECONDS = 14 days;

    uint256 private constant COUNTERPARTY_ID_MIN = 8;
    uint256 private constant COUNTERPARTY_ID_MAX = 64;
    uint256 private constant PREFIX_ELEMENTS_MAX = 8;

    /// @dev The first three share a slot; the prefix is packed, so that the hub's fills one.
    struct ClientRecord {
        ILightClient lightClient;
        uint64 nextSequenceSend;
        bool retired;
        string counterpartyId;
        bytes merklePrefix;
    }

    mapping(string clientId => ClientRecord) private _clients;
    uint256 private _clientCount;

    /// @notice Registers a light client under the next id `client-N`. Its counterparty never changes.
    /// Whoever is to trust a route looks at both, on both chains.
    function addClient(CounterpartyInfo calldata counterparty, address client)
        external
        nonReentrant
        returns (string memory clientId)
    {
        return _addClient(counterparty, client);
    }

    /// @notice Hands a client message to a client.
    function updateClient(string calldata clientId, bytes calldata clientMessage)
        external
        nonReentrant
        returns (ILightClient.UpdateResult result)
    {
        ILightClient client = _record(clientId).lightClient;
        result = client.updateClient(clientMessage);
        if (result == ILightClient.UpdateResult.Update) emit ClientUpdated(clientId, client.latestHeight());
        else if (result == ILightClient.UpdateResult.Misbehaviour) emit ClientFrozen(clientId);
        else if (result == ILightClient.UpdateResult.NoOp) emit Noop();
    }

    /// @notice Hands a proof of misbehaviour to a client, which freezes for ever, or reverts.
    function submitMisbehaviour(string calldata clientId, bytes calldata misbehaviourMessage)
        external
        nonReentrant
    {
        _record(clientId).lightClient.misbehaviour(misbehaviourMessage);
        emit ClientFrozen(clientId);
    }

    /// @notice Declares a client dead, for ever, once it has been Frozen or Expired for 14 days. Nothing is
    /// sent over it any more; what is open is settled under its last accepted root, time playing no part.
    function retireClient(string calldata clientId) external nonReentrant {
        ClientRecord storage record = _record(clientId);
        require(!record.retired, ClientRetiredAlready(clientId));
        (ILightClient.Status status, uint64 stoppedAtSeconds) = record.lightClient.status();
        uint256 retirableFromSeconds = uint256(stoppedAtSeconds) + RETIREMENT_DELAY_SECONDS;
        require(
            status != ILightClient.Status.Active && block.timestamp >= retirableFromSeconds,
            ClientNotDeadLongEnough(status, retirableFromSeconds)
        );
        record.retired = true;
        emit ClientRetired(clientId);
    }

    /// @notice The light client of an id. Reverts for an unknown one.
    function getClient(string calldata clientId) external view returns (ILightClient) {
        return _record(clientId).lightClient;
    }

    /// @notice The other end of a client. Reverts for an unknown one.
    function getCounterparty(string calldata clientId) external view returns (CounterpartyInfo memory) {
        ClientRecord storage record = _record(clientId);
        return CounterpartyInfo(record.counterpartyId, MerklePrefix.unpack(record.merklePrefix));
    }

    /// @notice The client id at the other end of a client.
    function counterpartyId(string calldata clientId) external view returns (string memory) {
        return _record(clientId).counterpartyId;
    }

    /// @notice Returns if the counterparty of a retired client stored `value` under `key` at the client's
    /// last accepted root, or nothing if the value is empty; else reverts.
    function verifyAtExit(
        string calldata clientId,
        bytes calldata key,
        bytes calldata value,
        bytes calldata proof
    ) external {
        ClientRecord storage record = _record(clientId);
        require(record.retired, ClientNotRetired(clientId));
        bytes[] memory path = Commitments.merklePath(MerklePrefix.unpack(record.merklePrefix), key);
        if (value.length == 0) record.lightClient.verifyNonMembershipAtExit(proof, path);
        else record.lightClient.verifyMembershipAtExit(proof, path, value);
    }

    /// @notice The sequence of the next packet over a client, from 1.
    function nextSequenceSend(string calldata clientId) external view returns (uint64) {
        return _record(clientId).nextSequenceSend;
    }

    /// @notice Whether what a client proved at a height or below may be acted on: it lives, or it is retired
    /// and nothing contradicts that height.
    function isStanding(string calldata clientId, uint64 height) external view returns (bool) {
        ClientRecord storage record = _record(clientId);
        if (record.retired) return height <= record.lightClient.exitHeight();
        (ILightClient.Status status,) = record.lightClient.status();
        return status == ILightClient.Status.Active;
    }

    /// @notice Whether a client was declared dead.
    function isRetired(string calldata clientId) external view returns (bool) {
        return _record(clientId).retired;
    }

    function _addClient(CounterpartyInfo memory counterparty, address client)
        internal
        returns (string memory clientId)
    {
        uint256 idLength = bytes(counterparty.clientId).length;
        require(
            idLength >= COUNTERPARTY_ID_MIN && idLength <= COUNTERPARTY_ID_MAX,
            InvalidCounterpartyId(counterparty.clientId)
        );
        _requireMerklePrefix(counterparty.merklePrefix);
        require(client.code.length != 0, ClientIsNoContract(client));
        clientId = string.concat("client-", DecimalText.write(_clientCount++));
        ClientRecord storage record = _clients[clientId];
        record.lightClient = ILightClient(client);
        record.nextSequenceSend = 1;
        record.counterpartyId = counterparty.clientId;
        record.merklePrefix = MerklePrefix.pack(counterparty.merklePrefix);
        emit ClientAdded(clientId, counterparty, client);
    }

    function _record(string calldata clientId) internal view returns (ClientRecord storage record) {
        record = _clients[clientId];
        require(address(record.lightClient) != address(0), ClientNotFound(clientId));
    }

    function _requireMerklePrefix(bytes[] memory prefix) private pure {
        require(
            prefix.length != 0 && prefix.length <= PREFIX_ELEMENTS_MAX, InvalidMerklePrefix(prefix.length)
        );
        for (uint256 i = 0; i < prefix.length; ++i) {
            require(prefix[i].length <= MerklePrefix.ELEMENT_BYTES_MAX, InvalidMerklePrefix(prefix.length));
        }
    }
}
