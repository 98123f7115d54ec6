"""How every act runs: who may, the move, the lock, the write and the event, in one transaction."""
