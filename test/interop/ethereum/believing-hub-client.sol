// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Stands for HubClient on a chain that has no BLS precompiles (EIP-2537): it has the functions that
/// the relayer and IbcCore use, and believes every header and every proof.
contract BelievingHubClient {
    struct Attestation {
        uint64 height;
        uint64 timeSeconds;
        bytes32 appHash;
        bytes32 nextSetHash;
    }

    struct AttestorSet {
        bytes32 leafRoot;
        uint32 count;
        uint64 totalPower;
        bytes aggregateKey;
    }

    struct Absentee {
        uint32 index;
        uint64 power;
        bytes key;
        bytes32[] proof;
    }

    struct Header {
        Attestation attestation;
        AttestorSet set;
        Absentee[] absentees;
        bytes signature;
    }

    uint64 public constant TRUSTING_PERIOD_SECONDS = 14 days;
    string public constant chainId = "causeway-1";

    address public immutable core;
    uint64 public latestHeight;
    mapping(uint64 => uint64) public getTimestamp;
    mapping(uint64 => bytes24) private _commitments;

    event ConsensusStateAccepted(
        uint64 indexed height, uint64 timeSeconds, bytes32 appHash, bytes32 nextSetHash
    );

    constructor(address core_) {
        core = core_;
        getTimestamp[0] = uint64(block.timestamp);
    }

    function updateClient(bytes calldata clientMessage) external returns (uint8) {
        Attestation memory attested = abi.decode(clientMessage, (Header)).attestation;
        getTimestamp[attested.height] = attested.timeSeconds;
        _commitments[attested.height] =
            bytes24(keccak256(abi.encodePacked(attested.appHash, attested.nextSetHash)));
        if (attested.height > latestHeight) latestHeight = attested.height;
        emit ConsensusStateAccepted(
            attested.height, attested.timeSeconds, attested.appHash, attested.nextSetHash
        );
        return 0;
    }

    function getConsensusState(uint64 height) external view returns (bytes24, uint64, uint64) {
        return (_commitments[height], getTimestamp[height], 0);
    }

    function status() external pure returns (uint8, uint64) {
        return (0, 0);
    }

    function verifyMembership(bytes calldata, uint64 height, bytes[] calldata, bytes calldata)
        external
        view
        returns (uint64)
    {
        return getTimestamp[height];
    }

    function verifyNonMembership(bytes calldata, uint64 height, bytes[] calldata)
        external
        view
        returns (uint64)
    {
        return getTimestamp[height];
    }
}
