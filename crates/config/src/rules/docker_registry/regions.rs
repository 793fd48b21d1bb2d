//! The AWS regions that the official image of Docker's registry 2.8.3 was compiled with.

/// In the order of their names. What opened after 2018 is not among them.
pub(in crate::rules) const COMPILED_IN: [&str; 18] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];
