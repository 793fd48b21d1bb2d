use crate::section::section;
use crate::value::{Quantity, Written};

section! {
    /// What a container may use, and what is kept for it.
    pub struct Resources {
        /// The most it may use.
        core limits: ResourceAmounts;
        /// What is kept for it.
        core requests: ResourceAmounts;
    }
}

section! {
    /// Amounts of cpu and memory.
    pub struct ResourceAmounts {
        /// Cores, such as `500m` for half of one.
        core cpu: Written<Quantity>;
        /// Memory, such as `512Mi`.
        core memory: Written<Quantity>;
        /// Disk of the node, such as `1Gi`.
        extension ephemeral_storage as "ephemeral-storage": Option<Written<Quantity>>;
    }
}

section! {
    /// What a container may use, for a component that needn't be given any.
    pub struct ComponentResources {
        /// The most it may use.
        extension limits: ComponentAmounts;
        /// What is kept for it.
        extension requests: ComponentAmounts;
    }
}

section! {
    /// Amounts of cpu and memory, each of which may be left out.
    pub struct ComponentAmounts {
        /// Cores, such as `500m` for half of one.
        extension cpu: Option<Written<Quantity>>;
        /// Memory, such as `512Mi`.
        extension memory: Option<Written<Quantity>>;
    }
}

impl Resources {
    /// Limits, then requests: cpu and memory each.
    pub fn of(limits: (&str, &str), requests: (&str, &str)) -> Self {
        let amounts = |(cpu, memory): (&str, &str)| ResourceAmounts {
            cpu: cpu.into(),
            memory: memory.into(),
            ..ResourceAmounts::default()
        };
        Self {
            limits: amounts(limits),
            requests: amounts(requests),
        }
    }
}
