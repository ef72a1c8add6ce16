"""How results become public: their way through review and approval, their clocks, their public copies."""
