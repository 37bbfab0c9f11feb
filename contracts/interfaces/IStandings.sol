// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A piece as it stands: its slot, or what stands for it while it is in its range.
struct Standing {
    address owner;
    uint24 moves;
    uint24 events;
    uint16 day;
    uint8 state;
    uint8 flags;
}

/// @title Standings
/// @notice The one question that lots ask about a piece beyond its record.
interface IStandings {
    /// @notice A piece as it stands. `state`, bit 128: ended for good.
    function standingOf(uint256 tokenId) external view returns (Standing memory);
}
