@NullMarked
package org.bgppeer.web;

import org.jspecify.annotations.NullMarked;
