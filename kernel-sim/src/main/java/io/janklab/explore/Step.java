package io.janklab.explore;

/// One access of one actor.
///
/// @param number which step of the schedule it belongs to, from 1
/// @param actor  its name in the schedule
/// @param who name of the task
/// @param does   what is read or written
/// @param holds  the locks it holds
public record Step(int number, String actor, String who, String does, String holds) {}
