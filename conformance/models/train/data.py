"""The digits data set and its fixed split.

scikit-learn's `load_digits` ships with the package (no download): 1,797 images of 8 x 8 pixels with values 0..16.
"""

import numpy as np
from sklearn.datasets import load_digits

CLASSES = 10
PIXEL_SCALE = 4  # the integer pixel 16 stands for 16 / 2^4 = 1.0
TEST_PER_CLASS = 36  # 360 held-out images
FOLDS = 5  # validation folds inside the training images
SPLIT_SEED = 2512


def load():
    """All images as integers of shape (n, 1, 8, 8), and their labels."""
    digits = load_digits()
    images = digits.images.astype(np.int64)[:, None, :, :]
    assert images.min() == 0 and images.max() == 16
    return images, digits.target.astype(np.int64)


def split():
    """Training images, labels and fold numbers; held-out images and labels.

    Stratified by hand: each class is shuffled with a fixed seed, its first 36 images are held out, and the others are
    dealt to the folds 0..4 in turn. So no library's idea of a split can change ours.
    """
    images, labels = load()
    rng = np.random.default_rng(SPLIT_SEED)
    fold = np.empty(len(labels), dtype=np.int64)  # -1 marks a held-out image
    for digit in range(CLASSES):
        members = rng.permutation(np.flatnonzero(labels == digit))
        fold[members[:TEST_PER_CLASS]] = -1
        fold[members[TEST_PER_CLASS:]] = np.arange(len(members) - TEST_PER_CLASS) % FOLDS
    train, test = fold >= 0, fold < 0
    return (images[train], labels[train], fold[train]), (images[test], labels[test])
